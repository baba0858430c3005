//! The machine, or the company, behind a provider: what two providers have in common when they fail together.

use std::net::IpAddr;

use reqwest::Url;

/// Names the machine at an address, `https://…` or `host:port`; none when it is no address. What runs beside the house is
/// told apart by its port: that two such programs share a machine with the house itself says nothing.
pub fn machine(address: &str) -> Option<String> {
    let url = if address.contains("://") { address.to_owned() } else { format!("tcp://{address}") };
    let url = Url::parse(&url).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?.to_ascii_lowercase();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || number.parse::<IpAddr>().is_ok_and(|number| number.is_loopback());
    let port = url.port_or_known_default().filter(|_| is_here);
    Some(port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_one_machine_has_one_name_but_beside_the_house() {
        for (address, expected) in [
            ("https://api.twilio.com", Some("api.twilio.com")),
            ("https://API.twilio.com:8443/2010", Some("api.twilio.com")),
            ("sms.example:13013", Some("sms.example")),
            ("SMS.example:444", Some("sms.example")),
            ("http://127.0.0.1:13013/cgi-bin/sendsms", Some("127.0.0.1:13013")),
            ("127.0.0.1:444", Some("127.0.0.1:444")),
            ("[::1]:25", Some("[::1]:25")),
            ("https://localhost/", Some("localhost:443")),
            ("[2001:db8::1]:444", Some("[2001:db8::1]")),
            ("", None),
            ("http://", None),
        ] {
            assert_eq!(machine(address).as_deref(), expected, "{address}");
        }
    }
}
