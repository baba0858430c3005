// What Twilio's own library makes of addresses and forms: run once, its output is kept beside the tests.
//
//   npm install --no-save twilio
//   NODE_PATH=node_modules node twilio_signature.js > adapters/src/channel/twilio/signatures.json
const twilio = require('twilio');
const { getExpectedTwilioSignature } = require('twilio/lib/webhooks/webhooks');

const token = '12345';
const urls = [
  'https://pager.example/callbacks/twilio/sms',
  'https://pager.example:8443/callbacks/twilio/sms',
  'http://127.0.0.1:8080/callbacks/twilio/sms',
  'https://pager.example/callbacks/twilio/message-status?attempt=MGZ2VBGYZV9F2H3E1GKRMWQAER-1.1.2',
  'https://pager.example/base/callbacks/twilio/sms?a=1&b=%20x',
];
const forms = [
  {},
  { From: '+393331234567', To: '+4930123456', Body: 'OK 4821', MessageSid: 'SM0' },
  { Body: 'Ich übernehme 4821\r\nDanke', From: '+491701234567' },
  { Body: 'a&b=c; "q" \'s\' <x> % + #', from: 'lower', From: 'Upper' },
  { Body: '', Empty: '', A: 'è À 王 👍' },
  { Media: ['b', 'a', 'b'], Body: 'x' },
  { 'Body[]': ['2', '1'], z: '\t\u0000' },
];
const vectors = [];
for (const url of urls) {
  for (const form of forms) {
    const signature = getExpectedTwilioSignature(token, url, form);
    if (!twilio.validateRequest(token, signature, url, form)) throw new Error(`${url} is not valid to its own library`);
    const pairs = Object.entries(form).flatMap(([name, value]) => [].concat(value).map((one) => [name, one]));
    vectors.push({ url, form: pairs, signature });
  }
}
console.log(JSON.stringify({ library: `twilio ${require('twilio/package.json').version}`, token, vectors }, null, 1));
