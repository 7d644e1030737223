"""Fetching from a local server that misbehaves in every way that is known; what is polite and what is refused."""

import gzip
import time
import zlib
from collections.abc import Iterator

import pytest
from intake_cases import LOCAL, Handler, Site, answer, article, quick_web, site

from communique.intake import robots, transport
from communique.intake.articles import Note, Reach, at_address
from communique.intake.fetching import Manners, Web
from communique.intake.items import Raw
from communique.intake.remembered import Memory
from communique.intake.transport import FetchError, Limits, is_allowed, public_addresses, split, unpacked

TWICE = gzip.compress(gzip.compress(b"0" * 50_000_000))


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as one:
        yield one


def refused(web: Web, url: str) -> tuple[str, bool]:
    with pytest.raises(FetchError) as caught:
        web.get(url)
    return caught.value.kind, caught.value.temporary


def test_a_page_is_fetched_after_robots_and_reservations_were_looked_at(here: Site) -> None:
    here.table["/a"] = answer("Ja.", ETag='"1"')
    got = quick_web().get(here.url("/a#top"))
    assert (got.status, got.body, got.headers["etag"]) == (200, b"Ja.", '"1"')
    assert here.asked == ["/robots.txt", "/.well-known/tdmrep.json", "/a"]


def test_robots_are_asked_once_and_obeyed(here: Site) -> None:
    here.table["/robots.txt"] = answer("User-agent: *\nDisallow: /\n\nUser-agent: Communique\nDisallow: /no\n")
    here.table["/yes"] = answer("Ja.")
    web = quick_web()
    assert web.get(here.url("/yes")).body == b"Ja."
    assert refused(web, here.url("/no/1")) == ("robots", False)
    assert here.asked.count("/robots.txt") == 1
    assert "/no/1" not in here.asked


def test_without_an_answer_about_robots_nothing_is_fetched(here: Site) -> None:
    here.table["/robots.txt"] = answer("", 503)
    here.table["/a"] = answer("Ja.")
    assert refused(quick_web(), here.url("/a")) == ("robots", True)
    assert "/a" not in here.asked


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"tdm_reservation": "1"}, "Ja."),
        ({"X_Robots_Tag": "noindex, noai"}, "Ja."),
        ({}, '<meta content="1" name="TDM-Reservation">Ja.'),
        ({}, "<meta name=robots content='noarchive,noai'>Ja."),
    ],
)
def test_reservations_are_respected(here: Site, headers: dict[str, str], body: str) -> None:
    here.table["/a"] = answer(body, **headers)
    assert refused(quick_web(), here.url("/a")) == ("reserved", False)


def test_what_is_no_reservation(here: Site) -> None:
    here.table["/a"] = answer('<meta name="robots" content="noindex">Ja.', tdm_reservation="0")
    assert quick_web().get(here.url("/a")).status == 200


def test_a_site_may_reserve_paths(here: Site) -> None:
    here.table["/.well-known/tdmrep.json"] = answer('[{"location": "/news/*", "tdm-reservation": 1}]')
    here.table["/free"] = answer("Ja.")
    web = quick_web()
    assert refused(web, here.url("/news/1")) == ("reserved", False)
    assert web.get(here.url("/free")).body == b"Ja."


def slow(handler: Handler) -> None:
    time.sleep(3)
    handler.send(b"Zu spaet.")


def slow_head(handler: Handler) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200:
        handler.wfile.write(bytes([letter]))
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 10_000)


def dripping(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def broken_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"Nur der Anfang")
    handler.close_connection = True


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"220 ftp.example ready\r\n")
    handler.close_connection = True


@pytest.mark.parametrize(
    ("answering", "limits", "expected"),
    [
        (slow, {"seconds": 0.3}, ("timeout", True)),
        (slow, {"connect_seconds": 0.3}, ("timeout", True)),
        (slow_head, {"seconds": 0.5}, ("timeout", True)),
        (dripping, {"seconds": 0.5}, ("timeout", True)),
        (endless, {"bytes": 500_000}, ("too_long", False)),
        (answer(b"x" * 2000), {"bytes": 1000}, ("too_long", False)),
        (answer(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip"), {}, ("too_long", False)),
        (answer(TWICE, Content_Encoding="gzip, gzip"), {}, ("too_long", False)),
        (answer(b"\x1f\x8b no gzip", Content_Encoding="gzip"), {}, ("encoding", False)),
        (answer(gzip.compress(b"abcdef" * 100)[:-12], Content_Encoding="gzip"), {}, ("truncated", True)),
        (answer(b"x", Content_Encoding="br"), {}, ("encoding", False)),
        (broken_off, {}, ("truncated", True)),
        (no_http, {}, ("protocol", False)),
        (answer(b"", 404), {}, ("http_404", False)),
        (answer(b"", 500), {}, ("http_500", True)),
        (answer(b"", 429), {}, ("http_429", True)),
        (answer(b"", 302), {}, ("http_302", False)),
    ],
)  # fmt: skip
def test_misbehaviour(here: Site, answering: object, limits: dict[str, float], expected: tuple[str, bool]) -> None:
    here.table["/a"] = answering  # type: ignore[assignment]
    assert refused(quick_web(**limits), here.url("/a")) == expected


def test_what_is_temporary_is_tried_three_times_and_what_is_not_once(here: Site) -> None:
    here.table["/busy"] = answer(b"", 503)
    web = quick_web()
    refused(web, here.url("/busy"))
    refused(web, here.url("/gone"))
    assert here.pages_asked() == ["/busy"] * 3 + ["/gone"]


def test_a_server_that_recovers(here: Site) -> None:
    answers = [answer(b"", 500), answer(b"", 429, Retry_After="0"), answer("Ja.")]
    here.table["/a"] = lambda handler: answers.pop(0)(handler)
    assert quick_web().get(here.url("/a")).body == b"Ja."


class Clock:
    def __init__(self) -> None:
        self.now, self.slept = 1000.0, []  # type: ignore[var-annotated]

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def patient(clock: Clock, **manners: float) -> Web:
    given = Manners(limits=Limits(allowed=LOCAL), **manners)  # type: ignore[arg-type]
    return Web(given, clock=lambda: clock.now, sleep=clock.sleep)


def test_between_two_requests_to_a_host_there_is_a_delay(here: Site) -> None:
    here.table |= {"/a": answer("Ja."), "/b": answer("Ja.")}
    clock = Clock()
    web = patient(clock, delay=2.0)
    web.get(here.url("/a"))
    web.get(here.url("/b"))
    assert clock.slept == [2.0, 2.0, 2.0]


def test_a_longer_delay_that_robots_ask_for_is_kept(here: Site) -> None:
    here.table |= {"/a": answer("Ja."), "/robots.txt": answer("User-agent: *\nCrawl-delay: 7")}
    clock = Clock()
    web = patient(clock, delay=2.0)
    web.get(here.url("/a"))
    web.get(here.url("/a"))
    assert clock.slept == [2.0, 7.0, 7.0]


def test_retries_wait_longer_each_time_or_as_long_as_the_server_says(here: Site) -> None:
    answers = [answer(b"", 503), answer(b"", 503, Retry_After="20"), answer("Ja.")]
    here.table["/a"] = lambda handler: answers.pop(0)(handler)
    clock = Clock()
    patient(clock, delay=0.0, backoff=1.5).get(here.url("/a"))
    assert clock.slept == [1.5, 20.0]


def test_who_asks_for_an_hour_is_left_for_the_next_run(here: Site) -> None:
    here.table["/a"] = answer(b"", 429, Retry_After="3600")
    clock = Clock()
    web = patient(clock, delay=0.0)
    assert refused(web, here.url("/a")) == ("busy", True)
    assert refused(web, here.url("/b")) == ("busy", True)
    assert here.pages_asked() == ["/a"]


def moved(place: str) -> object:
    return answer(b"", 301, Location=place)


def test_redirects_are_followed_with_their_own_rules(here: Site) -> None:
    here.table |= {"/a": moved("/b"), "/b": moved("/c?x=1"), "/c?x=1": answer("Ja.")}  # type: ignore[dict-item]
    got = quick_web().get(here.url("/a"))
    assert (got.url, got.body) == (here.url("/c?x=1"), b"Ja.")
    here.table |= {"/robots.txt": answer("User-agent: *\nDisallow: /b")}
    assert refused(quick_web(), here.url("/a")) == ("robots", False)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("/a", ("redirects", False)),
        ("/long/0", ("redirects", False)),
        ("http://127.0.0.2/", ("private", False)),
        ("http://169.254.169.254/latest/meta-data/", ("private", False)),
        ("http://[::1]/", ("private", False)),
        ("http://0x7f.0.0.2/", ("private", False)),
        ("file:///etc/passwd", ("address", False)),
        ("ftp://127.0.0.1/x", ("address", False)),
    ],
)
def test_redirects_that_lead_astray(here: Site, place: str, expected: tuple[str, bool]) -> None:
    here.table["/a"] = moved(place)  # type: ignore[assignment]
    for number in range(9):
        here.table[f"/long/{number}"] = moved(f"/long/{number + 1}")  # type: ignore[assignment]
    assert refused(quick_web(), here.url("/a")) == expected


def test_this_machine_is_not_asked_unless_it_is_allowed(here: Site) -> None:
    assert refused(Web(Manners(delay=0.0)), here.url("/a")) == ("private", False)
    assert refused(Web(Manners(delay=0.0)), f"http://localhost:{here.port}/a") == ("private", False)
    assert here.asked == []


def test_the_address_that_was_checked_is_the_one_that_is_asked(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes its address between look-up and connection changes nothing."""
    answers = iter([[(2, 1, 6, "", ("9.9.9.9", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]])
    monkeypatch.setattr(transport.socket, "getaddrinfo", lambda *a, **k: next(answers))
    assert public_addresses("rebinding.example", 80, ()) == ["9.9.9.9"]
    with pytest.raises(FetchError, match=r"rebinding.example' is 127.0.0.1"):
        public_addresses("rebinding.example", 80, ())


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
     "fe80::1%eth0", "fc00::1", "ff02::1", "::", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2606:4700::1111", "::ffff:9.9.9.9", "64:ff9b::909:909"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_allowed(address)


def test_addresses_are_split_and_quoted() -> None:
    assert split("https://Bücher.example/a b?q=ü") == ("https", "xn--bcher-kva.example", 443, "/a%20b?q=%C3%BC")
    for url in ("https://", "x", "javascript:alert(1)", "http://a:99999/", "http://[::1/"):
        with pytest.raises(FetchError):
            split(url)


def test_bodies_are_unpacked() -> None:
    for data, name in ((gzip.compress(b"Ja."), "x-gzip"), (zlib.compress(b"Ja."), "deflate"), (b"Ja.", "identity")):
        assert unpacked(data, name, "u", Limits()) == b"Ja."
    bare = zlib.compressobj(wbits=-15)
    assert unpacked(bare.compress(b"Ja.") + bare.flush(), "deflate", "u", Limits()) == b"Ja."


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/a", "/abc", True), ("/a$", "/abc", False), ("/a$", "/a", True), ("/*.pdf$", "/x/y.pdf", True),
        ("/*.pdf$", "/x/y.pdf?z", False), ("*/x*y", "/b/x/c/y/d", True), ("/%C3%BC", "/ü", True), ("/b", "/a", False),
    ],
)  # fmt: skip
def test_patterns_of_robots(pattern: str, path: str, fits: bool) -> None:
    assert robots.Rules(((False, pattern),)).allows(path) is not fits


def test_groups_of_robots() -> None:
    text = (
        "User-agent: a\nUser-agent: communique # us\nDisallow: /x\nAllow: /x/y\nDisallow:\nUser-agent: *\nDisallow: /"
    )
    ours = robots.rules(text, "communique")
    assert [ours.allows(path) for path in ("/x", "/x/y", "/z")] == [False, True, True]
    assert robots.rules(text, "other").allows("/z") is False
    assert robots.rules("", "communique").allows("/z") is True


# Feeds and their articles


def feed(*paths: str, stamp: str = "07 May 2031") -> str:
    items = "".join(
        f"<item><title>{path}</title><link>{path}</link><pubDate>Wed, {stamp} 09:30:00 +0000</pubDate></item>"
        for path in paths
    )
    return f"<rss><channel><title>Nordpost (FICTION)</title>{items}</channel></rss>"


def taken(here: Site, memory: Memory, **reach: object) -> list[str]:
    """Fetch the feed and remember what the notes say, as a run does when all is in the ledger."""
    found = []
    for item in at_address(here.url("/feed"), Reach(quick_web(), memory, **reach), {}):  # type: ignore[arg-type]
        if isinstance(item, Note):
            memory.keep(item.url, item.facts)
        else:
            found.append(item.origin["url"] if isinstance(item, Raw) else item.problems[-1].code)
    return [place.removeprefix(here.url("")) for place in found]


def test_articles_of_a_feed_are_fetched_once(here: Site) -> None:
    here.table |= {"/feed": answer(feed("/1", "/2"), ETag="x"), "/1": answer(article("1")), "/2": answer(article("2"))}
    memory = Memory()
    assert taken(here, memory) == ["/1", "/2"]
    here.table["/3"] = answer(article("3"))
    here.table["/feed"] = answer(feed("/1", "/2", "/3"))
    assert taken(here, memory) == ["/3"]
    assert here.pages_asked() == ["/feed", "/1", "/2", "/feed", "/3"]


def test_an_article_of_which_the_feed_says_something_new_is_asked_for_again(here: Site) -> None:
    here.table |= {"/feed": answer(feed("/1")), "/1": answer(article("1"))}
    memory = Memory()
    taken(here, memory)
    here.table["/feed"] = answer(feed("/1", stamp="08 May 2031"))
    assert taken(here, memory) == ["/1"]


def not_modified(handler: Handler) -> None:
    known = handler.headers.get("If-None-Match") == '"1"'
    handler.send(b"" if known else article("1").encode(), 304 if known else 200, ETag='"1"')


def test_what_has_not_changed_is_not_sent_again(here: Site) -> None:
    here.table |= {"/feed": answer(feed("/1")), "/1": not_modified}
    memory = Memory()
    assert taken(here, memory) == ["/1"]
    assert taken(here, memory, recheck=-1.0) == []
    assert here.pages_asked() == ["/feed", "/1", "/feed", "/1"]


def test_a_feed_of_which_something_is_missing_is_looked_at_again(here: Site) -> None:
    def conditional(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == '"1"'
        handler.send(b"" if known else feed("/1", "/2").encode(), 304 if known else 200, ETag='"1"')

    here.table |= {"/feed": conditional, "/1": answer(article("1")), "/2": answer(b"", 503)}
    memory = Memory()
    assert taken(here, memory) == ["/1", "http_503"]
    here.table["/2"] = answer(article("2"))
    assert taken(here, memory) == ["/2"]
    assert taken(here, memory) == []


def test_broken_encodings(here: Site) -> None:
    text = article("Für Öl", "Die Minister von Estland und Chile trafen sich in Köln und sprachen über Öl. (FIKTION)")
    here.table |= {
        "/feed": answer(feed("/1", "/2", "/3")),
        "/1": answer(text.encode("cp1252"), Content_Type="text/html; charset=iso-8859-1"),
        "/2": answer(text.encode("cp1252"), Content_Type="text/html; charset=utf-8"),
        "/3": answer(text.encode("utf-16"), Content_Type="text/html; charset=nonsense"),
    }
    from communique.document import Overrides
    from communique.intake.items import loaded

    found = [
        loaded(i, Overrides()) for i in at_address(here.url("/feed"), Reach(quick_web()), {}) if isinstance(i, Raw)
    ]
    assert [item.document and item.document.title for item in found] == ["Für Öl"] * 3


def test_a_page_that_is_none(here: Site) -> None:
    here.table |= {"/feed": answer(feed("/1")), "/1": answer(b"%PDF", Content_Type="application/pdf")}
    assert taken(here, Memory()) == ["type"]


def test_a_feed_that_is_none(here: Site) -> None:
    here.table["/feed"] = answer("<rss><channel><item><link>/1</link></item>")
    here.table["/1"] = answer(article("1"))
    assert taken(here, Memory()) == ["/1"]


def test_sitemaps_lead_to_sitemaps_and_to_articles(here: Site) -> None:
    index = f"<sitemapindex><sitemap><loc>{here.url('/s.xml.gz')}</loc></sitemap></sitemapindex>"
    urls = f"<urlset><url><loc>{here.url('/1')}</loc></url></urlset>"
    here.table |= {
        "/feed": answer(index), "/s.xml.gz": answer(gzip.compress(urls.encode()), Content_Type="application/gzip"),
        "/1": answer(article("1")),
    }  # fmt: skip
    assert taken(here, Memory()) == ["/1"]


def test_a_sitemap_that_leads_to_itself_comes_to_an_end(here: Site) -> None:
    here.table["/feed"] = answer(f"<sitemapindex><sitemap><loc>{here.url('/feed')}</loc></sitemap></sitemapindex>")
    assert taken(here, Memory()) == []
    assert len(here.pages_asked()) == 4


def test_an_address_that_is_an_article(here: Site) -> None:
    here.table["/feed"] = answer(article("1"))
    assert taken(here, Memory()) == ["/feed"]
