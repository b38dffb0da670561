"""Addresses that must never be opened, in the forms that have got past one checker or another."""

# ruff: noqa: SIM905  a list of words is easier to read than a list of strings

from __future__ import annotations

LOOPBACK = """
http://127.0.0.1/ http://127.0.0.1:80/ http://127.1/ http://127.0.1/ http://127.255.255.254/ http://127.000.000.001/
http://0/ http://0.0.0.0/ http://0.0.0.0:80/ http://0x0/ http://00/ http://0.1.2.3/
http://2130706433/ http://0x7f000001/ http://0x7F.0x0.0x0.0x1/ http://0x7f.1/ http://0x7f.0.0.1/ http://0177.0.0.1/
http://0177.1/ http://017700000001/ http://00000177.0.0.1/ http://127.0.0x1/ http://127.0.0.01/ http://0x7f.0.0.0x1/
http://0x100000000000000007f000001/ http://127.0.0.1.../ http://127.0.0.1./ http://127..0.0.1/ http://.127.0.0.1/
http://127.0.0.256/ http://1.1/ http://3232235777/ http://0xc0a80101/ http://0300.0250.01.01/ http://192.168.257/
http://localhost/ http://LOCALHOST/ http://localhost./ http://localhost:443/ http://a.localhost/ http://localhost.localdomain/
http://localhost6/ http://ip6-localhost/ http://loopback/ http://127.0.0.1/%2e%2e/ http://127.0.0.1?x http://127.0.0.1#x
""".split()

UNICODE = [
    "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/",  # circled digits
    "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",  # full-width digits
    "http://127\u30020\u30020\u30021/",  # ideographic full stops
    "http://127\uff0e0\uff0e0\uff0e1/",  # full-width full stops
    "http://127\uff610\uff610\uff611/",  # half-width ideographic full stops
    "http://\u216f.0.0.1/",  # a Roman numeral
    "http://\u24c1\u24c4\u24b8\u24b6\u24c1\u24bd\u24c4\u24c8\u24c9/",  # circled letters
    "http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/",  # full-width letters
    "http://loc\u00adalhost/",  # a soft hyphen
    "http://local\u200bhost/",  # a space of no width
    "http://localhost\u3002/",
    "http://\u017fervice.local/",  # a long s
    "http://169\u3002254\u3002169\u3002254/",
    "http://\u2460\u2465\u2468.\u2461\u2464\u2463.\u2460\u2465\u2468.\u2461\u2464\u2463/",
    "http://example.com\uff0f@127.0.0.1/",  # a full-width slash
    "http://example.com\uff20127.0.0.1/",  # a full-width at sign
    "http://127.0.0.1\uff1a80/",  # a full-width colon
    "http://example.com\uff03@127.0.0.1/",
    "\uff48\uff54\uff54\uff50://example.com/",
]

PRIVATE = """
http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/ http://172.31.255.254/ http://192.168.0.1/ http://192.168.1.254/
http://100.64.0.1/ http://100.127.255.254/ http://100.100.100.200/ http://169.254.0.1/ http://169.254.169.254/
http://169.254.169.254/latest/meta-data/ http://169.254.170.2/v2/credentials http://2852039166/ http://0xa9fea9fe/
http://0251.0376.0251.0376/ http://169.254.43518/ http://168.63.129.16/ http://192.0.0.192/ http://192.0.0.8/ http://192.0.0.1/
http://192.0.2.1/ http://198.51.100.7/ http://203.0.113.9/ http://198.18.0.1/ http://198.19.255.254/ http://192.88.99.1/
http://224.0.0.1/ http://239.255.255.250/ http://240.0.0.1/ http://255.255.255.255/ http://254.1.1.1/
http://metadata/ http://metadata.google.internal/ http://metadata.google.internal./ http://instance-data/ http://router.lan/
http://db.internal/ http://nas.local/ http://printer.home/ http://intranet/ http://wiki.corp/ http://redis/ http://a.home.arpa/
http://1.0.0.127.in-addr.arpa/ http://hidden.onion/ http://x.test/ http://x.invalid/
""".split()

SIX = """
http://[::1]/ http://[::1]:80/ http://[0:0:0:0:0:0:0:1]/ http://[0000::0001]/ http://[::]/ http://[::0]/ http://[::127.0.0.1]/
http://[::7f00:1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::FFFF:169.254.169.254]/ http://[::ffff:a9fe:a9fe]/
http://[::ffff:10.0.0.1]/ http://[::ffff:0:127.0.0.1]/ http://[::ffff:8.8.8.8]/ http://[::8.8.8.8]/
http://[64:ff9b::7f00:1]/ http://[64:ff9b::169.254.169.254]/ http://[64:ff9b::8.8.8.8]/ http://[64:ff9b:1::1]/
http://[2002:7f00:1::]/ http://[2002:a9fe:a9fe::]/ http://[2002:808:808::]/ http://[2001:0:7f00:1::]/ http://[2001::1]/
http://[2001:db8::1]/ http://[3fff::1]/ http://[2001:10::1]/ http://[2001:2::1]/ http://[100::1]/ http://[5f00::1]/
http://[fe80::1]/ http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[::1%25lo]/ http://[fec0::1]/ http://[fc00::1]/
http://[fd00::1]/ http://[fd00:ec2::254]/ http://[fd12:3456:789a::1]/ http://[ff02::1]/ http://[ff0e::1]/ http://[4000::1]/
http://[1::]/ http://[::1 http://::1]/ http://::1/ http://[::1]./ http://[::1].example.com/ http://[v1.a]/ http://[127.0.0.1]/
http://[localhost]/ http://[]/ http://[::1]@example.com/ http://[[::1]]/ http://[0:0:0:0:0:ffff:127.0.0.1]/
""".split()

DISGUISED = [
    "http://example.com@127.0.0.1/",
    "http://user:password@example.com/",
    "http://user@example.com/",
    "http://@example.com/",
    "http://:@example.com/",
    "http://example.com:80@127.0.0.1/",
    "http://127.0.0.1@example.com/",
    "http://example.com%40127.0.0.1/",
    "http://example.com%2f@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://127.0.0.1\\@example.com/",
    "http://127.0.0.1\\.example.com/",
    "http:\\\\127.0.0.1\\",
    "http:/\\127.0.0.1/",
    "http://example.com\\..\\127.0.0.1",
    "http://1.1.1.1 &@2.2.2.2# @127.0.0.1/",
    "http://127.0.0.1 example.com/",
    "http://example.com\t@127.0.0.1/",
    "http://127.0.\n0.1/",
    "http://exam\r\nple.com/",
    "http://example.com/\r\nHost: 127.0.0.1\r\n\r\n",
    "http://example.com/a b",
    "http://example.com/\x00",
    "\x00http://example.com/",
    " http://example.com/",
    "http://example.com/ ",
    "http://example.com\x7f/",
    "http://%31%32%37.0.0.1/",
    "http://%6c%6f%63%61%6c%68%6f%73%74/",
    "http://127%2e0%2e0%2e1/",
    "http://example.com%00.127.0.0.1/",
    "http://exa_mple..com/",
    "http://-.com-/",
    "http://*.example.com/",
    "http://example.com,127.0.0.1/",
    "http://example.com;127.0.0.1/",
    "http://example.com|127.0.0.1/",
    "http://{}.example.com/",
    "http://a" + ".a" * 200 + ".com/",
    "http://" + "a" * 64 + ".com/",
    "http://example.com/" + "a" * 9_000,
    "http://",
    "http:///",
    "http://?x",
    "http://#x",
    "http://.",
    "http://..",
    "http:127.0.0.1",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "",
    "example.com",
    "//example.com/",
    "/etc/passwd",
    "::",
]

SCHEMES = [
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "FILE:///etc/passwd",
    "file:/etc/passwd",
    "ftp://example.com/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/stat",
    "ldap://127.0.0.1/",
    "tftp://127.0.0.1/x",
    "sftp://example.com/",
    "ssh://example.com/",
    "telnet://example.com/",
    "smb://example.com/share",
    "jar:http://127.0.0.1!/",
    "netdoc:///etc/passwd",
    "data:text/html,<script>alert(1)</script>",
    "javascript:alert(1)",
    "vbscript:x",
    "about:blank",
    "blob:http://example.com/x",
    "view-source:http://127.0.0.1/",
    "ws://example.com/",
    "wss://example.com/",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    "url:http://127.0.0.1/",
    "hxxp://example.com/",
    "http s://example.com/",
    "line://msg/text/x",
    "intent://example.com/",
]

PORTS = """
http://example.com:22/ http://example.com:25/ http://example.com:6379/ http://example.com:5432/ http://example.com:8080/
http://example.com:8443/ https://example.com:444/ http://example.com:0/ http://example.com:65536/ http://example.com:99999/
http://example.com:-80/ http://example.com:+80/ http://example.com:8o/ http://example.com:80:80/ http://example.com:0x50/
http://example.com:3306/ http://example.com:9200/ http://example.com:2375/ http://127.0.0.1:22/ http://[::1]:6379/
http://example.com:\u0668\u0660/
""".split()

UNSAFE = (*LOOPBACK, *UNICODE, *PRIVATE, *SIX, *DISGUISED, *SCHEMES, *PORTS)

# What a name may turn out to mean; a resolver says so.
FORBIDDEN = """
127.0.0.1 127.9.9.9 0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.100.100.200 169.254.169.254 169.254.170.2 172.16.5.4 172.31.0.1
168.63.129.16 192.0.0.1 192.0.0.9 192.0.0.170 192.0.2.5 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.10 192.175.48.1
198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.251 239.1.1.1 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::808:808 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 1::1
2001::1 2001:0:808:808::1 2001:1::1 2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1
2002:808:808::1 2620:4f:8000::1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 ff0e::1
""".split()
