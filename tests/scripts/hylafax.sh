#!/bin/bash
# HylaFAX as pager gateway and as TAP sender, until this script is ended:
#
#   hylafax.sh FOLDER ADDRESS PORT TERMINAL
#
#   client ── SNPP ──► ADDRESS:PORT (socat, hfaxd) ──► faxq ──► pagesend ── AT, TAP ──► pty (socat) ──► TERMINAL
#
# FOLDER is made anew; TERMINAL is host:port of a modem with a TAP terminal behind it. The user is `hotpotato`, the
# password `s3cret`. Every pager is known but 7390, which is refused. Prints `ready` once pages are taken. Debian packages:
# hylafax-server, hylafax-client, socat. Needs root: faxq runs as nobody else.
set -eu
export LC_ALL=C.UTF-8
folder=$1 address=$2 port=$3 terminal=$4
spool=$folder/spool
# No underscore may stand in it, see below.
links=$(mktemp -d /tmp/hylafaxXXXXXX)
line=$links/line
pids=""

finish() {
  trap - EXIT INT TERM
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  for pid in $pids; do
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  done
  rm -rf "$links"
}
trap finish EXIT INT TERM

begin() { # begin LOG COMMAND…
  local log=$1
  shift
  "$@" >"$folder/$log" 2>&1 </dev/null &
  pids="$! $pids"
}

await() { # await SECONDS COMMAND…
  local left=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || { echo "in vain: $*" >&2; exit 1; }
    sleep 0.1
  done
}

mkdir -p "$folder/lock"
cp -a /var/spool/hylafax "$spool"
cp /etc/hylafax/{config,dialrules,hfaxd.conf,typerules,pagesizes} "$spool/etc/"
cp /etc/hylafax/setup.{cache,modem} "$spool/etc/" 2>/dev/null || true
printf '^hotpotato@.*$:60:%s\n' "$(perl -e 'print crypt("s3cret", "hp")')" >"$spool/etc/hosts.hfaxd"
chown uucp "$spool/etc/hosts.hfaxd"
chmod 600 "$spool/etc/hosts.hfaxd"
printf '7390 reject\n.* 5559000/&\n' >"$spool/etc/pagermap"
sed -i 's/^JobReqBusy.*//' "$spool/etc/config"
cat >>"$spool/etc/config" <<R
ModemClass: any:.*
MaxConcurrentCalls: 1
PageCmd: /usr/sbin/pagesend
LogFacility: daemon
UUCPLockDir: $folder/lock
UseJobControl: no
R
# HylaFAX takes `_` in a modem's name for `/`, behind /dev/.
modem="..$(printf %s "$line" | tr / _)"
cat >"$spool/etc/config.$modem" <<R
CountryCode: 1
AreaCode: 555
FAXNumber: 555
LongDistancePrefix: 1
InternationalPrefix: 011
DialStringRules: etc/dialrules
ServerTracing: 0xfff
SessionTracing: 0xfff
RecvFileMode: 0600
LogFileMode: 0666
DeviceMode: 0666
RingsBeforeAnswer: 0
SpeakerVolume: off
GettyArgs: ""
LocalIdentifier: test
MaxRecvPages: 1
ModemType: Class1
ModemRate: 1200
ModemFlowControl: none
ModemSoftResetCmdDelay: 100
ModemResetDelay: 100
ModemDTRDropDelay: 10
UUCPLockDir: $folder/lock
R
# A pty has no parity bit.
printf 'pagerTTYParity:none\n' >"$spool/info/15555559000"
chown uucp "$spool/info/15555559000"

begin line.log socat "PTY,link=$line,raw,echo=0,mode=666" "TCP:$terminal"
await 5 test -e "$line"
begin faxq.log faxq -D -q "$spool"
await 5 test -p "$spool/FIFO"
# hfaxd would listen on every address by itself.
begin hfaxd.log socat "TCP-LISTEN:$port,bind=$address,reuseaddr,fork" "EXEC:/usr/sbin/hfaxd -S -q $spool,nofork"
# Whoever started us may be killed without a word.
parent=$PPID
begin watch.log bash -c "while kill -0 $parent && kill -0 $$; do sleep 1; done; kill $$; sleep 5; kill -9 $pids; rm -rf $links"
greets() { exec 3<>"/dev/tcp/$address/$port" && read -r -t 5 hello <&3 && [ "${hello:0:3}" = 220 ]; }
await 10 bash -c "$(declare -f greets); address=$address port=$port greets"
await 10 timeout 5 faxmodem -q "$spool" -u 127 "$modem"
echo ready
wait
