"""Nobody gets in who should not, and whoever should does so in a few seconds."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.actions.services import Services
from connector.storage import login_links, logins, passwords, users
from connector.storage.users import Role
from connector.web.app import create_app
from tests.web.pages.conftest import PASSWORD, Browser, Clock, logged_in, new_person


def log_in(browser: Browser, password: str = PASSWORD, **fields: str) -> int:
    browser.get("/login")
    given = {"email": "dana@summit.example", "password": password, **fields}
    return int(browser.send("/login", **given).status_code)


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/password").status_code == 200)


def new_link(services: Services, account_id: str, user_id: str) -> str:
    with services.sessions() as session, session.begin():
        user = users.get(session, account_id, user_id)
        return login_links.create(session, user, timedelta(days=3), services.clock())


def test_a_person_logs_in_with_the_password_and_lands_where_they_wanted(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    asked = browser.get("/password")
    assert (asked.status_code, asked.location) == (303, "/login?next=%2Fpassword")
    browser.get(asked.location)
    assert 'value="/password"' in browser.page.text
    sent = browser.send("/login", email="Dana@Summit.example ", password=PASSWORD, next="/password")
    assert (sent.status_code, sent.location) == (303, "/password")
    assert is_in(browser)


@pytest.mark.parametrize("email", ["dana@summit.example", "nobody@summit.example", "", "x" * 9000])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    services: Services, browser: Browser, office: str, email: str
) -> None:
    new_person(services, office)
    browser.get("/login")
    sent = browser.send("/login", email=email, password="wrong horse battery")
    assert sent.status_code == 401
    assert "The address or the password is not right" in sent.text
    assert not is_in(browser)


def test_what_was_typed_stays_but_never_the_password(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    log_in(browser, "a wrong password", email='dana"><script>@x.example')
    assert "dana&#34;&gt;&lt;script&gt;@x.example" in browser.page.text
    assert "a wrong password" not in browser.page.text


def test_each_failure_makes_the_next_try_wait_longer_and_a_good_one_ends_it(
    services: Services, browser: Browser, office: str, clock: Clock
) -> None:
    new_person(services, office)
    assert [log_in(browser, "wrong") for _ in range(6)] == [401] * 5 + [429]
    assert log_in(browser) == 429, "the right password waits, too"
    assert int(browser.page.headers["Retry-After"]) <= 2
    clock.move(timedelta(seconds=3))
    assert log_in(browser, "wrong") == 401
    assert log_in(browser) == 429
    assert 2 < int(browser.page.headers["Retry-After"]) <= 4
    clock.move(timedelta(seconds=5))
    assert log_in(browser) == 303
    assert is_in(browser)
    browser.send("/logout")
    assert log_in(browser, "wrong") == 401


def tries(browser: Browser, how_many: int, **fields: str) -> list[int]:
    return [log_in(browser, "wrong", **fields) for _ in range(how_many)]


def from_elsewhere(services: Services, number: int) -> Browser:
    """A browser behind another address than all others."""
    client = create_app(services).test_client()
    client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
    return Browser(client)


def test_whoever_types_wrong_passwords_for_a_colleague_does_not_lock_them_out(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    assert log_in(browser) == 303
    browser.get("/password")
    browser.send("/logout")
    beside = Browser(create_app(services).test_client())  # at the very same address
    assert tries(beside, 6)[-1] == 429
    assert log_in(beside) == 429, "the right password, from a browser that nobody knows"
    for number in range(1, 12):
        tries(from_elsewhere(services, number), 5)
    assert log_in(from_elsewhere(services, 99)) == 429, "one login, tried from many addresses"
    assert log_in(browser) == 303, "Dana's own browser"


def test_a_link_lets_in_from_any_browser_however_often_others_tried(
    services: Services, browser: Browser, office: str
) -> None:
    user_id = new_person(services, office)
    assert tries(browser, 6)[-1] == 429
    assert "ask an administrator of your office for a link" in browser.page.text
    secret = new_link(services, office, user_id)
    browser.get(f"/login/link/{secret}")
    assert browser.send(f"/login/link/{secret}").status_code == 303
    browser.get("/password")
    browser.send("/logout")
    assert log_in(browser) == 303, "and from then on by the password, too"


def test_a_browser_that_is_known_is_slowed_by_its_own_failures(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    new_person(services, office, "eve@summit.example")
    assert log_in(browser, email="eve@summit.example") == 303
    browser.get("/password")
    browser.send("/logout")
    assert tries(browser, 6) == [401] * 5 + [429], "known as Eve's, it is a strange one for Dana"
    assert tries(browser, 6, email="eve@summit.example") == [401] * 5 + [429]


def test_a_cookie_that_says_it_is_known_must_be_ours(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    log_in(browser)
    [known] = [c for c in browser.client._cookies.values() if "known" in c.key]
    assert "dana" not in known.value
    stranger = Browser(create_app(services).test_client())
    tries(stranger, 6)
    for value in (known.value + "x", "x", ""):
        stranger.client.set_cookie(known.key, value)
        assert log_in(stranger) == 429


def test_one_address_that_tries_many_people_waits_too(
    services: Services, browser: Browser, office: str
) -> None:
    answers = [log_in(browser, "wrong", email=f"p{n}@summit.example") for n in range(31)]
    assert answers == [401] * 30 + [429]


def test_an_end_of_the_login_is_an_end_on_the_server(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    log_in(browser)
    cookie = browser.client.get_cookie("coi")
    assert cookie is not None
    browser.get("/password")
    assert browser.send("/logout").location == "/login"
    assert not is_in(browser)
    browser.client.set_cookie("coi", cookie.value)
    assert not is_in(browser), "an old cookie, kept somewhere, opens nothing"


@pytest.mark.parametrize(
    ("wait", "uses", "still_in"),
    [(timedelta(hours=11), 1, True), (timedelta(hours=13), 1, False),
     (timedelta(hours=11), 14, True), (timedelta(hours=11), 16, False)],
)  # fmt: skip
def test_a_login_ends_when_idle_for_half_a_day_and_after_a_week_at_the_latest(
    admin: Browser, clock: Clock, wait: timedelta, uses: int, still_in: bool
) -> None:
    for _ in range(uses):
        clock.move(wait)
        found = is_in(admin)
    assert found is still_in


def test_a_role_taken_away_and_access_ended_count_at_once(
    services: Services, admin: Browser, office: str
) -> None:
    with services.sessions() as session, session.begin():
        user = users.by_email(session, "admin@summit.example")
        assert user is not None
        user.role = Role.VIEWER.value
    assert not is_in(admin)


def test_a_link_lets_its_person_choose_a_password_and_works_once(
    services: Services, browser: Browser, office: str
) -> None:
    user_id = new_person(services, office, password=None)
    secret = new_link(services, office, user_id)
    for _ in range(2):  # whoever only looks, a mail scanner too, uses nothing up
        assert browser.get(f"/login/link/{secret}").status_code == 200
    assert browser.send(f"/login/link/{secret}", password="short").status_code == 422
    assert "at least 12 characters" in browser.page.text
    assert browser.send(f"/login/link/{secret}", password=PASSWORD).status_code == 303
    assert is_in(browser)
    again = browser.get(f"/login/link/{secret}")
    assert again.status_code == 403
    assert "used already" in again.text
    browser.get("/password")
    browser.send("/logout")
    assert log_in(browser) == 303


def test_a_link_ends_with_its_time_and_with_a_newer_one(
    services: Services, browser: Browser, office: str, clock: Clock
) -> None:
    user_id = new_person(services, office)
    older, newer = (new_link(services, office, user_id) for _ in range(2))
    assert browser.get(f"/login/link/{older}").status_code == 403
    assert browser.get(f"/login/link/{newer}").status_code == 200
    clock.move(timedelta(days=3))
    assert browser.send(f"/login/link/{newer}").status_code == 403
    assert not is_in(browser)


@pytest.mark.parametrize(
    "password", ["", "short", "aaaaaaaaaaaaaaaa", "dana@summit.example", "x1y2" * 100]
)
def test_a_password_that_is_guessed_at_once_is_refused(
    services: Services, browser: Browser, office: str, password: str
) -> None:
    secret = new_link(services, office, new_person(services, office, password=None))
    browser.get(f"/login/link/{secret}")
    assert browser.send(f"/login/link/{secret}", password=password).status_code == 422
    assert not is_in(browser)


def test_a_new_password_needs_the_old_one_and_ends_all_other_logins(
    services: Services, office: str
) -> None:
    new_person(services, office)
    here, elsewhere = (Browser(create_app(services).test_client()) for _ in range(2))
    log_in(here), log_in(elsewhere)
    here.get("/password")
    assert here.send("/password", old="wrong", password="another good one").status_code == 422
    assert here.send("/password", old=PASSWORD, password="another good one").status_code == 303
    assert is_in(here)
    assert not is_in(elsewhere)
    assert log_in(elsewhere, "another good one") == 303


def test_a_new_password_ends_the_links_that_were_not_used_yet(
    services: Services, browser: Browser, office: str
) -> None:
    user_id = new_person(services, office)
    log_in(browser)
    unused = new_link(services, office, user_id)
    browser.get("/password")
    assert browser.send("/password", old=PASSWORD, password="another good one").status_code == 303
    assert browser.get(f"/login/link/{unused}").status_code == 403
    with services.sessions() as session, session.begin():
        user, now = users.get(session, office, user_id), services.clock()
        by_mail, by_admin = (
            login_links.create(session, user, timedelta(days=1), now, ends_older=False)
            for _ in range(2)
        )
    browser.get(f"/login/link/{by_mail}")
    assert browser.send(f"/login/link/{by_mail}", password="a third good one").status_code == 303
    assert is_in(browser)
    assert browser.get(f"/login/link/{by_admin}").status_code == 403


def test_whoever_is_let_in_anew_finds_no_old_link_open(
    services: Services, browser: Browser, office: str
) -> None:
    user_id = new_person(services, office)
    old = new_link(services, office, user_id)
    with services.sessions() as session, session.begin():
        logins.let_out(session, users.get(session, office, user_id), services.clock())
    new_person(services, office)
    assert browser.get(f"/login/link/{old}").status_code == 403


def test_the_present_password_cannot_be_guessed_from_a_login_that_was_left_open(
    services: Services, admin: Browser, office: str, clock: Clock
) -> None:
    with services.sessions() as session, session.begin():
        user = users.by_email(session, "admin@summit.example")
        assert user is not None
        user.password = passwords.digest(PASSWORD, user.email)

    def change(old: str) -> int:
        admin.get("/password")
        return int(admin.send("/password", old=old, password="another good one").status_code)

    assert [change("wrong") for _ in range(6)] == [422] * 5 + [429]
    assert change(PASSWORD) == 429
    assert int(admin.page.headers["Retry-After"]) <= 2
    clock.move(timedelta(seconds=3))
    assert change(PASSWORD) == 303
    admin.page = None
    assert change("wrong") == 422, "a good one ends the count"


def test_nothing_of_a_password_or_a_login_is_kept_readable(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    log_in(browser)
    cookie = browser.client.get_cookie("coi")
    assert cookie is not None
    database = (services.settings.data_dir / "connector.db").read_bytes()
    log = services.settings.data_dir / "connector.db-wal"
    kept = database + (log.read_bytes() if log.exists() else b"")
    assert b"$argon2id$" in kept
    assert PASSWORD.encode() not in kept
    assert cookie.value.encode() not in kept


def test_no_link_or_password_stands_in_the_log(
    services: Services, browser: Browser, office: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = new_link(services, office, new_person(services, office, password=None))
    with caplog.at_level(logging.INFO, "connector"):
        browser.get(f"/login/link/{secret}")
        browser.send(f"/login/link/{secret}", password=PASSWORD)
        browser.get("/review/link/some.token.of.ours")
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "/login/link/<secret>" in told
    assert "/review/link/<token>" in told
    for hidden in (secret, PASSWORD, "some.token.of.ours"):
        assert hidden not in told


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:x",
     "/ok\r\nSet-Cookie: a=b", "evil.example", "///evil.example", "/\t/evil.example"],
)  # fmt: skip
def test_a_login_never_leads_to_another_site(
    services: Services, browser: Browser, office: str, elsewhere: str
) -> None:
    new_person(services, office)
    assert log_in(browser, next=elsewhere) == 303
    assert browser.page.location == "/"


def test_a_form_of_another_site_is_refused(
    services: Services, browser: Browser, office: str
) -> None:
    new_person(services, office)
    fields = {"email": "dana@summit.example", "password": PASSWORD}
    assert browser.client.post("/login", data=fields).status_code == 403, "no cookie, no token"
    browser.get("/login")
    assert browser.client.post("/login", data=fields).status_code == 403, "no token"
    assert browser.send("/login", csrf="0" * 64, **fields).status_code == 403
    browser.get("/login")
    with_token = fields | {"csrf": browser.token}
    for site in ("cross-site", "same-site"):
        sent = browser.client.post("/login", data=with_token, headers={"Sec-Fetch-Site": site})
        assert sent.status_code == 403
    assert browser.client.post("/login", data=with_token).status_code == 303


def test_a_token_of_one_browser_is_none_in_another(
    services: Services, admin: Browser, office: str
) -> None:
    other = logged_in(services, office, "other@summit.example", Role.ADMIN)
    other.get("/password"), admin.get("/password")
    assert admin.send("/logout", csrf=other.token).status_code == 403
    assert is_in(admin)


def test_the_cookie_is_for_us_alone(services: Services, office: str) -> None:
    new_person(services, office)
    for address, name, is_secure in (
        ("http://127.0.0.1:8000", "coi", False),
        ("https://coi.summit.example", "__Host-coi", True),
    ):
        settings = replace(services.settings, public_url=address)
        app = create_app(replace(services, settings=settings))
        browser = Browser(app.test_client())
        browser.get("/login", base_url=address)
        data = {"csrf": browser.token, "email": "dana@summit.example", "password": PASSWORD}
        sent = browser.client.post("/login", data=data, base_url=address)
        assert sent.status_code == 303
        cookies = sent.headers.getlist("Set-Cookie")
        assert [cookie.startswith((f"{name}=", f"{name}_known_")) for cookie in cookies] == [
            True
        ] * 2
        for cookie in cookies:
            assert ("Secure" in cookie) is is_secure
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Path=/" in cookie
        assert ("Strict-Transport-Security" in sent.headers) is is_secure


def test_a_page_runs_no_foreign_script_and_stands_in_no_frame(browser: Browser) -> None:
    page = browser.get("/login")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    assert "style=" not in page.text
    assert "<script>" not in page.text


def test_addresses_are_counted_behind_our_own_proxy_and_never_believed_without(
    services: Services, office: str
) -> None:
    for hops, believed, last in (
        (0, "203.0.113.{}", 429),
        (1, "203.0.113.{}", 401),
        (1, '"203.0.113.{}, 192.0.2.7', 429),
    ):
        settings = replace(services.settings, proxies_in_front=hops)
        browser = Browser(create_app(replace(services, settings=settings)).test_client())
        browser.get("/login")
        for n in range(31):
            data = {
                "csrf": browser.token,
                "email": f"{hops}{last}{n}@x.example",
                "password": "wrong",
            }
            sent = browser.client.post(
                "/login", data=data, headers={"X-Forwarded-For": believed.format(n)}
            )
        assert sent.status_code == last


def test_the_first_page_of_an_empty_service_says_how_to_get_in(browser: Browser) -> None:
    assert "connector users add" in browser.get("/login").text


def test_an_address_that_is_none_is_answered_to_people_as_a_page_and_to_programs_as_json(
    browser: Browser,
) -> None:
    assert "There is no page at this address" in browser.get("/nowhere").text
    assert browser.client.get("/nowhere").json["error"]["code"] == "not_found"
    assert browser.get("/v1/nowhere").json["error"]["code"] == "not_found"
