"""One HTTP exchange with a stranger: checked address, one deadline for all of it, limits on every size.

In: an address and headers. Out: an answer, or FetchError with a kind. Must not know politeness, redirects or articles.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from communique.errors import InputError

SCHEMES = {"http": 80, "https": 443}
ENCODINGS = "gzip, deflate"
PIECE = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchError(InputError):
    """Why something was not fetched: `kind` for the list of failures, `temporary` where a later try may do better."""

    def __init__(self, kind: str, message: str, *, temporary: bool = False, wait: float = 0.0) -> None:
        super().__init__(message)
        self.kind, self.temporary, self.wait = kind, temporary, wait


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much; `allowed`: networks of private addresses that may be asked all the same."""

    connect_seconds: float = 10.0
    seconds: float = 30.0
    bytes: int = 10_000_000
    unpacked_bytes: int = 20_000_000
    allowed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: names of headers in small letters, the body unpacked."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def exchange(url: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    """GET an address without following redirects; FetchError for all that goes wrong."""
    scheme, host, port, target = split(url)
    deadline = time.monotonic() + limits.seconds
    connection = _Pinned(host, port, public_addresses(host, port, limits.allowed), scheme == "https", limits)
    try:
        with _watched(connection, deadline) as expired:
            try:
                return _answer(connection, url, target, headers, limits)
            except (FetchError, OSError, http.client.HTTPException, ValueError) as error:
                raise _told(error, url, bool(expired)) from error
    finally:
        connection.close()


def _answer(connection: _Pinned, url: str, target: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    connection.request("GET", target, headers={"Accept-Encoding": ENCODINGS, "Connection": "close", **headers})
    with closing(connection.getresponse()) as response:
        return _whole(response, url, limits)


def _whole(response: http.client.HTTPResponse, url: str, limits: Limits) -> Answer:
    told = {name.casefold(): value for name, value in response.getheaders()}
    data = _body(response, url, limits)
    missing = response.length or 0
    if missing > 0:
        raise FetchError("truncated", f"'{url}' broke off, {missing:,} bytes before its end.", temporary=True)
    return Answer(url, response.status, told, unpacked(data, told.get("content-encoding", ""), url, limits))


def _body(response: http.client.HTTPResponse, url: str, limits: Limits) -> bytes:
    if (response.length or 0) > limits.bytes:
        raise FetchError("too_long", f"'{url}' is larger than {limits.bytes:,} bytes.")
    data = bytearray()
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > limits.bytes:
            raise FetchError("too_long", f"'{url}' is larger than {limits.bytes:,} bytes.")
    return bytes(data)


def unpacked(data: bytes, encoding: str, url: str, limits: Limits) -> bytes:
    """A body without its compression; what would grow beyond the limit is refused, not unpacked."""
    for name in reversed([part.strip().casefold() for part in encoding.split(",") if part.strip()]):
        if name in ("gzip", "x-gzip", "deflate"):
            data = _inflated(data, url, limits.unpacked_bytes)
        elif name != "identity":
            raise FetchError("encoding", f"'{url}' is packed as '{name[:30]}', which was not asked for.")
    return data


def _inflated(data: bytes, url: str, limit: int) -> bytes:
    """gzip, zlib or bare deflate, whichever it is."""
    bits = zlib.MAX_WBITS | 32 if data[:1] in (b"\x1f", b"\x78", b"\x58", b"\x18") else -zlib.MAX_WBITS
    machine = zlib.decompressobj(bits)
    try:
        out = machine.decompress(data, limit + 1)
    except zlib.error as error:
        raise FetchError("encoding", f"'{url}' is damaged where it is packed ({error}).") from error
    if len(out) > limit or machine.unconsumed_tail:
        raise FetchError("too_long", f"'{url}' is larger than {limit:,} bytes when it is unpacked.")
    if not machine.eof:
        raise FetchError("truncated", f"'{url}' broke off.", temporary=True)
    return out


def split(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and target of an address; FetchError for what is none of the web."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii") if not _literal(parts.hostname) else parts.hostname
    except (ValueError, UnicodeError) as error:
        raise FetchError("address", f"'{url[:200]}' is no web address ({error}).") from error
    if parts.scheme not in SCHEMES or not host:
        raise FetchError("address", f"'{url[:200]}' is no web address.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or SCHEMES[parts.scheme], _quoted(target)


def _quoted(target: str) -> str:
    """A target as it may stand in a request: no spaces, controls or letters beyond ASCII."""
    from urllib.parse import quote

    return quote(target, safe="/?=&%:;,@!$'()*+~[]|")


def _literal(host: str | None) -> bool:
    try:
        ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return False
    return True


def public_addresses(host: str, port: int, allowed: Sequence[str]) -> list[str]:
    """The addresses of a host that may be connected to; FetchError where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FetchError("name", f"There is no host '{host}' ({error}).", temporary=True) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    open_ones = [address for address in addresses if is_allowed(address, allowed)]
    if not open_ones:
        raise FetchError("private", f"'{host}' is {addresses[0]}, an address that is not on the public Internet.")
    return open_ones


def is_allowed(address: str, allowed: Sequence[str] = ()) -> bool:
    """Whether an address is public, also what is packed into it, or lies in a network that is allowed.

    >>> [is_allowed(a) for a in ("9.9.9.9", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::a00:1")]
    [True, False, False, False, False, False]
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in ipaddress.ip_network(network) for network in allowed):
        return True
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _inside(ip))


def _inside(ip: Address) -> Iterator[Address]:
    """An address and the one of version 4 that it stands for."""
    if isinstance(ip, ipaddress.IPv6Address):
        packed = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            packed.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        real = [one for one in packed if one is not None]
        yield from real or [ip]
    else:
        yield ip


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that were checked, so that no second look-up can name others."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], tls: bool, limits: Limits) -> None:
        super().__init__(host, port, timeout=limits.connect_seconds)
        self.line: socket.socket | None = None
        self._addresses, self._tls, self.default_port = addresses, tls, SCHEMES["https" if tls else "http"]

    def connect(self) -> None:
        """Connect to the first address that answers."""
        last: OSError | None = None
        for address in self._addresses:
            try:
                plain = socket.create_connection((address, self.port), self.timeout)
            except OSError as error:
                last = error
                continue
            self.line = plain
            self.line = self.sock = _tls().wrap_socket(plain, server_hostname=self.host) if self._tls else plain
            return
        raise last or OSError("no address")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def _watched(connection: _Pinned, deadline: float) -> Iterator[list[bool]]:
    """Shut the connection at the deadline, whatever it is waiting for: a server may send a byte a second for ever."""
    expired: list[bool] = []

    def shut() -> None:
        expired.append(True)
        sock = connection.line
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    finally:
        timer.cancel()
    if expired:
        raise FetchError("timeout", "The answer took too long.", temporary=True)


def _told(error: Exception, url: str, expired: bool) -> FetchError:
    if expired or isinstance(error, TimeoutError):
        return FetchError("timeout", f"'{url}' took too long to answer.", temporary=True)
    if isinstance(error, FetchError):
        return error
    if isinstance(error, ssl.SSLError):
        return FetchError("certificate", f"The certificate of '{url}' is not good ({error.reason or error}).")
    if isinstance(error, OSError):
        return FetchError("connection", f"'{url}' cannot be reached ({error.strerror or error}).", temporary=True)
    return FetchError("protocol", f"'{url}' does not answer as a web server does ({type(error).__name__}).")
