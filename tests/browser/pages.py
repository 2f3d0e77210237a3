"""Every page of the product: where it is, who looks at it, and what he does first."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

from app.catalogs.sources import key_of
from tests.browser.desk import CAREFUL, CAUTIOUS, PASSWORD

Act = Callable[[Page], None]
NOBODY, CUSTOMER, NEWCOMER, MANAGER = "", "customer", "newcomer", "manager"
CONSULTANT, ADMINISTRATOR, AUDITOR, TRANSLATOR = "consultant", "administrator", "auditor", "translator"
VIEWER, EDITOR = "viewer", "editor"
SENTENCE, SHORT = key_of("%(num)d ticket"), key_of("Ticket closed")


@dataclass(frozen=True)
class Shown:
    """One look at a page. `path` may name places of the desk, as in /desk/tickets/{talk}."""

    name: str
    endpoint: str
    path: str
    by: str
    act: Act | None = None
    status: int = 200


def send(*, into: str = "main form[method=post]", fold: str = "", **values: str) -> Act:
    """Fill in a form, unfolded first where it is folded, and send it as it then stands."""

    def act(page: Page) -> None:
        if fold:
            page.locator(fold).click()
        form = page.locator(into).first
        for name, value in values.items():
            form.locator(f"[name={name}]").fill(value)
        button = form.locator("button[type=submit]").first
        with page.expect_navigation() as sent:
            # What rises only when a row is chosen is pressed unseen, as by a browser that knows no :has().
            button.click() if button.is_visible() else button.evaluate("button => button.form.requestSubmit(button)")
        assert sent.value.status not in (429, 500, 503)

    return act


def tick(name: str) -> Act:
    """Choose the first two rows."""

    def act(page: Page) -> None:
        for box in page.locator(f"input[name={name}]").all()[:2]:
            box.check()

    return act


def unfold(*summaries: str) -> Act:
    """Open what is folded now; what comes when a fold opens stays as it comes."""

    def act(page: Page) -> None:
        for summary in summaries:
            for fold in page.locator(summary).element_handles():
                fold.click()
        page.mouse.move(0, 0)  # What the mouse hovers over is between two colours for a moment.

    return act


def overtake(box: str, value: str) -> Act:
    """Send the form of that box as if somebody had changed the same since it was drawn."""

    def act(page: Page) -> None:
        sends = """(box, value) => {
            box.value = value;
            const one = box.form.querySelector(`[name='was-${box.name.replace(/^f-/, "")}']`);
            (one ?? box.form.querySelector("[name=was]")).value = "low";
            box.form.requestSubmit();
        }"""
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.locator(box).first.evaluate(sends, value)
        assert sent.value.status == 409
        page.locator(".alert-danger").first.wait_for()

    return act


def open_a_dialog(page: Page) -> None:
    """The small form of the list's first row."""
    page.locator("a[data-dialog]").first.click()
    page.locator("dialog select").first.wait_for()


def jump(page: Page) -> None:
    """Ask where one can go."""
    page.keyboard.press("Control+k")
    page.locator("dialog[open] h2").wait_for()


def choose_too_much(page: Page) -> None:
    """Choose a file that is larger than a letter may be; the page says so before anything is sent."""
    page.locator("input[type=file]").evaluate(
        """input => {
            const chosen = new DataTransfer();
            chosen.items.add(new File([new Uint8Array(Number(input.dataset.each) + 1)], "film.mp4"));
            input.files = chosen.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        }"""
    )
    page.locator("[role=alert]").wait_for()


def type_search(page: Page) -> None:
    """Type into the box of search, wait for what is found, and go to the first of it."""
    box = page.locator("main input[data-finds]")
    box.press_sequentially("fakt")
    page.locator("main .typed [role=option]").first.wait_for()
    box.press("ArrowDown")


def type_subject(page: Page) -> None:
    """Type what an article answers, and wait until it is offered."""
    page.locator("#subject").press_sequentially("faktura KSeF")
    page.locator(".offered li").first.wait_for()


def open_menu(which: int) -> Act:
    """Open a menu of the bar on top, and what it stands in on a phone."""

    def act(page: Page) -> None:
        page.locator(".top .whole").evaluate("menu => { menu.open = true; }")
        page.locator(".top .menu summary").nth(which).click()

    return act


def give_more(page: Page) -> None:
    """Tick what shows customers' data, and be asked whether it is meant."""
    page.locator("[name=ability][value=see_customers]").check()
    send(into="form.sheet")(page)


def compare_settings(page: Page) -> None:
    """Compare the desk with its own file, in which a group is renamed, another nearly so, and a field is broken."""
    text = page.request.get("/desk/config/export").text()
    whole = json.loads(text)
    first, second, *_rest = whole["items"]["product_group"].items()
    first[1]["name"] += " 365"
    whole["items"]["product_group"]["f" * 32] = {**second[1], "name": second[1]["name"].lower() + " "}
    del whole["items"]["product_group"][second[0]]
    whole["items"]["tag"]["e" * 32] = {"name": "urlop"}
    whole["items"]["tag"]["d" * 32] = {"name": 7}
    file = {"name": "desk.json", "mimeType": "application/json", "buffer": json.dumps(whole).encode()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    with page.expect_navigation():
        page.locator("main form button").click()


def import_companies(page: Page) -> None:
    """Choose a file with a row that fits and one that does not, and let it be checked."""
    rows = f"name;domains\nImport {page.viewport_size};\n;gmail.com\n"
    page.locator("select[name=owner]").select_option("organisation")
    file = {"name": "firmy.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    for button in ("main form .btn-primary", "form[action$='/check'] button"):
        with page.expect_navigation():
            page.locator(button).first.click()
    page.locator("[action$='/check']").wait_for(timeout=90_000)


def view_as(email: str) -> Act:
    """Look at the page that is open with the eyes of a customer."""

    def act(page: Page) -> None:
        path = urlsplit(page.url).path.replace("/desk/tickets/", "/tickets/")
        if page.locator(".viewing").count():
            page.locator(".viewing button").click()
        page.goto(f"/desk/customers/list/?text={email}")
        page.locator("tbody a").first.click()
        page.locator("form[action*='/desk/view-as/'] button").click()
        page.goto(path)
        page.locator(".viewing").wait_for()

    return act


def save_profile(page: Page) -> None:
    """Keep the language that the page is in: the account's is that of whoever switched last."""
    page.locator("[name=locale]").select_option(page.locator("html").get_attribute("lang"))
    send(telephone="+48 00 000 00 01")(page)


def make_key(page: Page) -> None:
    send(name=f"Raporty {page.locator('html').get_attribute('lang')}")(page)


def in_two_steps(email: str, then: str = "") -> Act:
    """Give the password of somebody who signs in with a second step, and go on to `then`."""

    def act(page: Page) -> None:
        send(email=email, password=PASSWORD)(page)
        if then:
            page.goto(then)

    return act


def point(page: Page) -> None:
    """Switch pointing on, where it is not on yet, and see it on a page."""
    if page.locator("form[action$='/point'] button[value=yes]").count():
        page.locator("form[action$='/point'] button").click()
        page.locator(".pointing").wait_for()
    page.goto("/contact")
    page.locator(".pointing summary").click()


def give_file(page: Page) -> None:
    """Compare a PO file with what readers get."""
    lines = (("Contact", "Napisz do nas"), ("Ticket closed", "<b>x</b>"), ("Nobody says this", "Nikt tak nie mówi"))
    po = "\n\n".join(f'msgid "{source}"\nmsgstr "{said}"' for source, said in lines)
    page.locator("#file").set_input_files({"name": "pl.po", "mimeType": "text/plain", "buffer": po.encode()})
    send(into="form[enctype]")(page)


PUBLIC = (
    Shown("home", "HomeView.index", "/", NOBODY),
    Shown("contact", "HomeView.contact", "/contact", NOBODY),
    Shown("accessibility", "HomeView.accessibility", "/accessibility/", NOBODY),
    Shown("articles", "ArticlesView.list", "/articles/", NOBODY),
    Shown("articles-all", "ArticlesView.list", "/articles/?all=1", NOBODY),
    Shown("notice", "TextsView.show", "/content/notice/pl/przerwa-techniczna-portalu-raportow", NOBODY),
    Shown("articles-none", "ArticlesView.list", "/articles/?after=2001-01-01T00:00:00~1", NOBODY),
    Shown("article", "ArticlesView.show", "/articles/pl/faktura-nie-wysyla-sie-do-ksef", NOBODY),
    Shown("receipt-check", "VerifyView.page", "/receipts/", NOBODY),
    Shown("receipt-well", "VerifyView.check", "{verify}", NOBODY),
    Shown("receipt-wrong", "VerifyView.check", "/receipts/xyz", NOBODY, status=422),
    Shown("login", "security.login", "/login", NOBODY),
    Shown("login-wrong", "security.login", "/login", NOBODY, send(email="nikt@klient.example", password="zle")),
    Shown("login-needed", "security.login", "/tickets/", NOBODY),
    Shown("second-step-asked", "security.two_factor_token_validation", "/login", NOBODY, in_two_steps(CAUTIOUS)),
    Shown("second-step-recovery", "security.mf_recovery", "/login", NOBODY, in_two_steps(CAUTIOUS, "/mf-recovery")),
    Shown("second-step-chosen", "security.tf_select", "/login", NOBODY, in_two_steps(CAREFUL)),
    Shown("passkey-sign-in", "security.wan_signin", "/wan-signin", NOBODY),
    Shown("passkey-asked", "security.wan_signin", "/wan-signin", NOBODY, send()),
    Shown("register", "security.register", "/register", NOBODY),
    Shown("register-wrong", "security.register", "/register", NOBODY, send(email="to nie jest adres")),
    Shown("register-done", "security.register", "/register", NOBODY, send(email="ktos@klient.example")),
    Shown("confirm", "security.confirm_email", "/confirm/{confirm_token}", NOBODY),
    Shown(
        "confirm-weak",
        "security.confirm_email",
        "/confirm/{confirm_token}",
        NOBODY,
        send(password="kot", password_confirm="pies"),
    ),
    Shown("register-private", "security.register", "/register", NOBODY, send(email="ktos@gmail.com")),
    Shown("check-your-mail", "look_into_mailbox", "/check-your-mail", NOBODY),
    Shown("confirm-expired", "security.confirm_email", "/confirm/nic", NOBODY, status=410),
    Shown("reset-expired", "security.reset_password", "/reset/nic", NOBODY, status=410),
    Shown("by-letter", "by_letter", "/by-letter/{ticket_token}", NOBODY),
    Shown("by-letter-reopen", "by_letter", "/by-letter/{ticket_token}?act=reopen", NOBODY),
    Shown("by-letter-rate", "by_letter", "/by-letter/{ticket_token}?act=accept&score=good", NOBODY),
    Shown("by-letter-followed", "by_letter", "/by-letter/{guest_token}", NOBODY),
    Shown("report-group", "report", "/report", NOBODY),
    Shown("report", "report", "/report?mailbox={mailbox}", NOBODY),
    Shown(
        "report-wrong",
        "report",
        "/report?mailbox={mailbox}",
        NOBODY,
        send(into="form[action^='/report?']", email="nikt"),
    ),
    Shown("report-sent", "report_sent", "/report/sent", NOBODY),
    Shown("by-letter-expired", "by_letter", "/by-letter/nic", NOBODY, status=410),
    Shown("confirm-again", "security.send_confirmation", "/confirm", NOBODY),
    Shown("reset", "security.forgot_password", "/reset", NOBODY),
    Shown("reset-done", "security.forgot_password", "/reset", NOBODY, send(email="ktos@klient.example")),
    Shown("reset-password", "security.reset_password", "/reset/{reset_token}", NOBODY),
    Shown("confirm-call", "ConfirmingView.page", "/calls/confirm/{call_token}", NOBODY),
    Shown("confirm-call-wrong", "ConfirmingView.page", "/calls/confirm/1.1.aaaaaaaaaaaaaaaa", NOBODY, status=410),
    Shown("ticket-call", "TicketsView.show", "/tickets/{call}", CUSTOMER),
    Shown("desk-ticket-call", "TicketModelView.page_of", "/desk/tickets/{call}", CONSULTANT),
    Shown("not-found", "", "/nie-ma-takiej-strony", NOBODY, status=404),
    Shown("not-this-way", "", "/tickets/1001/close", NOBODY, status=405),
)
PORTAL = (
    Shown("home-customer", "HomeView.index", "/", CUSTOMER),
    Shown("home-newcomer", "HomeView.index", "/", NEWCOMER),
    Shown("home-translator", "HomeView.index", "/", TRANSLATOR),
    Shown("home-menu", "HomeView.index", "/", CUSTOMER, unfold(".account > summary")),
    Shown("contact-customer", "HomeView.contact", "/contact", CUSTOMER),
    Shown("tickets", "TicketsView.list", "/tickets/", CUSTOMER),
    Shown("tickets-filtered", "TicketsView.list", "/tickets/?state=resolved&state=closed&sort=number", CUSTOMER),
    Shown("tickets-none", "TicketsView.list", "/tickets/", NEWCOMER),
    Shown("tickets-no-hit", "TicketsView.list", "/tickets/?since=2001-01-01&until=2001-01-02", CUSTOMER),
    Shown("tickets-odd-filter", "TicketsView.list", "/tickets/?state=nie-ma", CUSTOMER),
    Shown("ticket-group", "TicketsView.new", "/tickets/new", CUSTOMER),
    Shown("ticket-new", "TicketsView.new", "/tickets/new?group={product_group}", CUSTOMER),
    Shown("ticket-new-offered", "TicketsView.new", "/tickets/new?group={product_group}", CUSTOMER, type_subject),
    Shown("ticket-new-wrong", "TicketsView.new", "/tickets/new?group={product_group}", CUSTOMER, send()),
    Shown("ticket-new-too-large", "TicketsView.new", "/tickets/new?group={product_group}", CUSTOMER, choose_too_much),
    Shown("receipt", "ReceiptView.page", "{receipt}", CUSTOMER),
    Shown("ticket", "TicketsView.show", "/tickets/{talk}", CUSTOMER),
    Shown("ticket-files", "TicketsView.show", "/tickets/{with_files}", CUSTOMER),
    Shown("ticket-finished", "TicketsView.show", "/tickets/{finished}", CUSTOMER),
    Shown("ticket-reply-empty", "TicketsView.show", "/tickets/{with_files}", CUSTOMER, send(into="#reply form")),
    Shown("ticket-foreign", "TicketsView.show", "/tickets/{foreign}", CUSTOMER, status=404),
    Shown("search", "SearchView.search", "/search", CUSTOMER),
    Shown("search-stranger", "SearchView.search", "/search?q=faktury", NOBODY),
    Shown("search-hits", "SearchView.search", "/search?q=faktury", CUSTOMER),
    Shown("search-suggestion", "SearchView.search", "/search?q=fakutra", CUSTOMER),
    Shown("search-typing", "HomeView.index", "/", CUSTOMER, type_search),
    Shown("search-none", "SearchView.search", "/search?q=hipopotam", CUSTOMER),
    Shown("profile", "ProfileView.page", "/profile/", CUSTOMER),
    Shown("profile-wrong", "ProfileView.page", "/profile/", CUSTOMER, send(telephone="zadzwoń")),
    Shown("profile-saved", "ProfileView.page", "/profile/", NEWCOMER, save_profile),
    Shown("second-step", "SecondStepView.page", "/profile/second-step/", CUSTOMER, unfold("main details > summary")),
    Shown("second-step-wrong", "SecondStepView.page", "/profile/second-step/", CUSTOMER, send(code="123456")),
    Shown("recovery-codes", "security.mf_recovery_codes", "/mf-recovery-codes", CUSTOMER),
    Shown("recovery-codes-made", "security.mf_recovery_codes", "/mf-recovery-codes", NEWCOMER, send()),
    Shown("passkeys-none", "security.wan_register", "/wan-register", CUSTOMER),
    Shown("passkeys", "security.wan_register", "/wan-register", MANAGER, unfold(".confirm > summary")),
    Shown("passkeys-wrong", "security.wan_register", "/wan-register", CUSTOMER, send()),
    Shown("passkey-made", "security.wan_register", "/wan-register", CUSTOMER, send(name="Telefon")),
    Shown("passkey-verify", "security.wan_verify", "/wan-verify", MANAGER),
    Shown("profile-secured", "ProfileView.page", "/profile/", MANAGER, unfold(".confirm > summary")),
    Shown("keys", "KeysView.list", "/profile/keys/", MANAGER, unfold(".confirm > summary")),
    Shown("keys-none", "KeysView.list", "/profile/keys/", CUSTOMER),
    Shown("key-new", "KeysView.new", "/profile/keys/new", CUSTOMER),
    Shown("key-new-wrong", "KeysView.new", "/profile/keys/new", CUSTOMER, send()),
    Shown("key-made", "KeysView.new", "/profile/keys/new", NEWCOMER, make_key),
    Shown("colleagues", "ColleaguesView.list", "/colleagues/", MANAGER),
    Shown("colleagues-remove", "ColleaguesView.list", "/colleagues/", MANAGER, unfold(".confirm > summary")),
    Shown("colleague-invite", "ColleaguesView.invite", "/colleagues/invite", MANAGER),
    Shown("colleague-invite-wrong", "ColleaguesView.invite", "/colleagues/invite", MANAGER, send(email="zle")),
    Shown("colleague-sharing", "ColleaguesView.sharing", "/colleagues/sharing/{membership}", MANAGER),
    Shown(
        "colleague-sharing-wrong",
        "ColleaguesView.sharing",
        "/colleagues/sharing/{membership}",
        MANAGER,
        lambda page: (page.locator("[value=groups]").check(), send()(page))[1],
    ),
    Shown("colleagues-not-mine", "", "/colleagues/", CUSTOMER, status=404),
    Shown("join", "security.confirm_email", "/confirm/{join_token}", NOBODY),
    Shown("change", "security.change_password", "/change", CUSTOMER),
    Shown("change-wrong", "security.change_password", "/change", CUSTOMER, send()),
    Shown("verify", "security.verify", "/verify", CUSTOMER),
    Shown("forbidden", "", "/desk/tickets/list/", CUSTOMER, status=403),
    Shown("file-missing", "", "/attachments/999999/brak.txt", CUSTOMER, status=404),
)
WHY = "/desk/why/?account=anna.nowak@zielonymlyn.example&kind=ticket"
DESK = (
    Shown("desk-home", "DeskView.home", "/desk/", CONSULTANT),
    Shown("absences", "AbsencesView.list", "/desk/absences/", ADMINISTRATOR),
    Shown(
        "absences-wrong",
        "AbsencesView.list",
        "/desk/absences/",
        CONSULTANT,
        send(first="2026-12-02", last="2026-12-01"),
    ),
    Shown("views", "SavedViewsView.list", "/desk/views/", CONSULTANT),
    Shown("view", "SavedViewsView.edit", "/desk/views/{view}", CONSULTANT),
    Shown("desk-tickets-view", "TicketModelView.list", "/desk/tickets/list/?view={view}", CONSULTANT),
    Shown("shortcuts", "ShortcutsView.sheet", "/desk/shortcuts/", CONSULTANT),
    Shown("desk-tickets-jump", "", "/desk/tickets/list/?state=open", ADMINISTRATOR, jump),
    Shown("desk-ticket-row", "TicketModelView.row", "/desk/tickets/1022/change", CONSULTANT),
    Shown(
        "desk-tickets-dialog",
        "TicketModelView.list",
        "/desk/tickets/list/?state=open",
        ADMINISTRATOR,
        open_a_dialog,
    ),
    Shown(
        "desk-tickets-grouped",
        "TicketModelView.list",
        "/desk/tickets/list/?by=priority&column=state&column=customer&column=due&column=group&column=field.stands",
        ADMINISTRATOR,
        lambda page: page.locator(".saved details").first.locator("summary").click(),
    ),
    Shown("figures", "FiguresView.page", "/desk/figures/", CONSULTANT),
    Shown("figures-whole", "FiguresView.page", "/desk/figures/?days=90", AUDITOR),
    Shown("today", "QueuesView.today", "/desk/today/", CONSULTANT),
    Shown("today-audited", "QueuesView.today", "/desk/today/", AUDITOR),
    Shown(
        "desk-tickets-mine",
        "TicketModelView.list",
        "/desk/tickets/list/?assignee=me&state=open&state=waiting_customer",
        CONSULTANT,
    ),
    Shown("desk-tickets-all", "TicketModelView.list", "/desk/tickets/list/", ADMINISTRATOR),
    Shown("desk-tickets-chosen", "TicketModelView.list", "/desk/tickets/list/", CONSULTANT, tick("number")),
    Shown("desk-tickets-audited", "TicketModelView.list", "/desk/tickets/list/?state=open", AUDITOR),
    Shown("desk-tickets-none", "TicketModelView.list", "/desk/tickets/list/?organisation=nie+ma", CONSULTANT),
    Shown(
        "desk-tickets-nothing-chosen",
        "TicketModelView.list",
        "/desk/tickets/list/?state=open",
        CONSULTANT,
        send(into="form[action='/desk/tickets/many']"),
    ),
    Shown("desk-ticket", "TicketModelView.page_of", "/desk/tickets/{talk}", CONSULTANT),
    Shown(
        "desk-ticket-history",
        "TicketModelView.page_of",
        "/desk/tickets/{by_letter}",
        ADMINISTRATOR,
        unfold("main summary"),
    ),
    Shown("desk-ticket-sent", "TicketModelView.page_of", "/desk/tickets/{held}", CONSULTANT),
    Shown("desk-customer", "TicketModelView.customer", "/desk/tickets/{held}/customer", CONSULTANT),
    Shown("desk-ticket-audited", "TicketModelView.page_of", "/desk/tickets/{talk}", AUDITOR),
    Shown(
        "desk-ticket-reply-empty",
        "TicketModelView.page_of",
        "/desk/tickets/{talk}",
        CONSULTANT,
        send(into="#reply form"),
    ),
    Shown(
        "desk-ticket-note-empty",
        "TicketModelView.page_of",
        "/desk/tickets/{talk}",
        CONSULTANT,
        send(into="#note form", fold="#note summary"),
    ),
    Shown(
        "desk-ticket-overtaken",
        "TicketModelView.page_of",
        "/desk/tickets/{talk}",
        CONSULTANT,
        overtake("#priority", "urgent"),
    ),
    Shown(
        "desk-ticket-fields-overtaken",
        "TicketModelView.page_of",
        "/desk/tickets/{talk}",
        CONSULTANT,
        overtake("#fields input[type=text]", "x"),
    ),
    Shown("desk-ticket-missing", "", "/desk/tickets/999999", CONSULTANT, status=404),
    Shown("desk-call", "CallsView.record", "/desk/tickets/new", CONSULTANT),
    Shown(
        "desk-call-wrong",
        "CallsView.record",
        "/desk/tickets/new",
        CONSULTANT,
        send(email="zle", fold="#new-caller > summary"),
    ),
    Shown("desk-call-found", "CallsView.record", "/desk/tickets/new?who=Nowak", CONSULTANT),
    Shown("desk-readers", "ReadersView.list", "/desk/readers/", CONSULTANT),
    Shown("desk-readers-of", "ReadersView.entry", "/desk/readers/1", CONSULTANT),
    Shown("desk-search-typing", "SearchView.search", "/search", CONSULTANT, type_search),
    Shown("desk-search", "SearchView.search", "/search?q=raport", CONSULTANT),
    Shown("desk-search-people", "SearchView.search", "/search?q=anna", CONSULTANT),
    Shown(
        "desk-menu",
        "ProductGroupModelView.list",
        "/desk/product-groups/list/",
        ADMINISTRATOR,
        unfold(".account > summary"),
    ),
    Shown("desk-menu-people", "ProductGroupModelView.list", "/desk/product-groups/list/", ADMINISTRATOR, open_menu(1)),
    Shown(
        "desk-menu-settings", "ProductGroupModelView.list", "/desk/product-groups/list/", ADMINISTRATOR, open_menu(2)
    ),
    Shown("desk-forbidden", "", "/desk/staff/list/", CONSULTANT, status=403),
    Shown("journal", "JournalModelView.list", "/desk/journal/list/", ADMINISTRATOR),
    Shown("journal-open", "JournalModelView.list", "/desk/journal/list/?outcome=not_sure", ADMINISTRATOR),
    Shown("journal-at-once", "JournalModelView.several_done", "/desk/journal/several/{letters_decided}", ADMINISTRATOR),
    Shown("journal-none", "JournalModelView.list", "/desk/journal/list/?outcome=rejected", CONSULTANT),
    Shown("journal-not-sure", "JournalModelView.show", "/desk/journal/show/{letter_not_sure}", ADMINISTRATOR),
    Shown("journal-answer", "JournalModelView.show", "/desk/journal/show/{letter_answerable}", ADMINISTRATOR),
    Shown("journal-filed", "JournalModelView.show", "/desk/journal/show/{letter_filed}", ADMINISTRATOR),
    Shown("why", "WhyView.page", "/desk/why/?kind=ticket&row=1001", ADMINISTRATOR),
    Shown("why-answer", "WhyView.page", f"{WHY}&row=1001", ADMINISTRATOR),
    Shown("why-wrong", "WhyView.page", f"{WHY}&row=nic", ADMINISTRATOR),
    Shown("audit", "AuditModelView.list", "/desk/audit/list/", ADMINISTRATOR),
    Shown("audit-none", "AuditModelView.list", "/desk/audit/list/?kind=viewed_as&since=2001-01-01", AUDITOR),
    Shown("audit-show", "AuditModelView.show", "/desk/audit/show/1", ADMINISTRATOR),
    Shown("letters", "LetterModelView.list", "/desk/letters/list/", ADMINISTRATOR),
    Shown("letter-sent", "LetterModelView.show", "/desk/letters/show/{sent_letter}", ADMINISTRATOR),
    Shown("letter-failed", "LetterModelView.show", "/desk/letters/show/{failed_letter}", ADMINISTRATOR),
)


def grid(view: str, base: str, row: str, *, by: str = ADMINISTRATOR) -> tuple[Shown, ...]:
    """The six looks at a grid of settings."""
    name = base.rpartition("/")[2]
    return (
        Shown(name, f"{view}.list", f"{base}/list/", by),
        Shown(f"{name}-show", f"{view}.show", f"{base}/show/{{{row}}}", by),
        Shown(f"{name}-add", f"{view}.add", f"{base}/add", by),
        Shown(f"{name}-add-wrong", f"{view}.add", f"{base}/add", by, send()),
        Shown(f"{name}-edit", f"{view}.edit", f"{base}/edit/{{{row}}}", by),
    )


CLOCK_ASKED = "/desk/clock/?calendar={calendar}&arrived=2026-11-13T17:01&rule=&add=600&until=2026-11-18T10:00"
SETTINGS = (
    *grid("CustomerModelView", "/desk/customers", "customer"),
    *grid("OrganisationModelView", "/desk/organisations", "organisation"),
    Shown(
        "organisations-overtaken",
        "OrganisationModelView.edit",
        "/desk/organisations/edit/{organisation}",
        ADMINISTRATOR,
        overtake("main input[name=name]", "Zielony Młyn S.A."),
    ),
    *grid("StaffModelView", "/desk/staff", "consultant"),
    Shown("roles", "RolesView.list", "/desk/roles/", ADMINISTRATOR),
    Shown("role", "RolesView.show", "/desk/roles/customer", ADMINISTRATOR),
    Shown("role-consultant", "RolesView.show", "/desk/roles/consultant", ADMINISTRATOR),
    Shown("role-own", "RolesView.show", "/desk/roles/{role}", ADMINISTRATOR),
    Shown("role-warned", "RolesView.show", "/desk/roles/{role}", ADMINISTRATOR, give_more),
    Shown("role-whole", "RolesView.show", "/desk/roles/administrator", ADMINISTRATOR),
    Shown("role-read", "RolesView.show", "/desk/roles/auditor", AUDITOR),
    Shown("role-copy", "RolesView.copy", "/desk/roles/consultant/copy", ADMINISTRATOR),
    Shown("role-copy-wrong", "RolesView.copy", "/desk/roles/consultant/copy", ADMINISTRATOR, send()),
    Shown("viewing", "HomeView.index", "/", VIEWER, view_as("anna.nowak@")),
    Shown("viewing-ticket", "TicketsView.show", "/tickets/{talk}", VIEWER, view_as("anna.nowak@")),
    *grid("ProductGroupModelView", "/desk/product-groups", "product_group"),
    *grid("MailboxModelView", "/desk/mailboxes", "mailbox"),
    Shown("mailbox-fetched", "MailboxModelView.show", "/desk/mailboxes/show/{fetched}", ADMINISTRATOR),
    Shown("connection", "MailboxModelView.connection", "/desk/mailboxes/connection/{fetched}/in", ADMINISTRATOR),
    Shown("connection-out", "MailboxModelView.connection", "/desk/mailboxes/connection/{fetched}/out", ADMINISTRATOR),
    Shown(
        "connection-wrong",
        "MailboxModelView.connection",
        "/desk/mailboxes/connection/{mailbox}/in",
        ADMINISTRATOR,
        send(host="to nie serwer"),
    ),
    Shown(
        "connection-test",
        "MailboxModelView.show",
        "/desk/mailboxes/show/{fetched}",
        ADMINISTRATOR,
        send(into="main form[action$=test]"),
    ),
    *grid("CalendarModelView", "/desk/calendars", "calendar"),
    Shown("calendar-wrong", "CalendarModelView.add", "/desk/calendars/add", ADMINISTRATOR, send(monday="9-17")),
    *grid("ServiceLevelModelView", "/desk/levels", "level"),
    Shown("desk-tickets-due", "TicketModelView.list", "/desk/tickets/list/?sort=due&due=any", CONSULTANT),
    Shown(
        "desk-ticket-promised",
        "TicketModelView.page_of",
        "/desk/tickets/{promised}",
        CONSULTANT,
        unfold(".why > summary"),
    ),
    Shown("clock", "ClockView.page", "/desk/clock/", ADMINISTRATOR),
    Shown("clock-answer", "ClockView.page", CLOCK_ASKED, ADMINISTRATOR),
    Shown("clock-wrong", "ClockView.page", "/desk/clock/?calendar={calendar}&arrived=jutro", ADMINISTRATOR),
    Shown("states", "StatesView.list", "/desk/states/", ADMINISTRATOR),
    Shown("state", "StatesView.edit", "/desk/states/waiting_customer", ADMINISTRATOR),
    Shown("state-wrong", "StatesView.edit", "/desk/states/closed", ADMINISTRATOR, send(name_pl="Nowe")),
    Shown("state-add", "StatesView.add", "/desk/states/add", ADMINISTRATOR),
    Shown("state-add-wrong", "StatesView.add", "/desk/states/add", ADMINISTRATOR, send()),
    Shown("fields", "FieldsView.list", "/desk/fields/", ADMINISTRATOR),
    Shown("fields-none", "FieldsView.list", "/desk/fields/?owner=account", ADMINISTRATOR),
    Shown("field-add", "FieldsView.add", "/desk/fields/add?owner=ticket&kind=choice", ADMINISTRATOR),
    Shown("field-add-wrong", "FieldsView.add", "/desk/fields/add?owner=ticket&kind=pattern", ADMINISTRATOR, send()),
    Shown("field", "FieldsView.edit", "/desk/fields/{field}", ADMINISTRATOR),
    Shown("field-proposal", "FieldsView.proposal", "/desk/fields/proposal/{proposal}", ADMINISTRATOR),
    Shown("field-history", "FieldsView.history", "/desk/fields/history", ADMINISTRATOR),
    Shown("misfits", "FieldsView.misfits", "/desk/fields/misfits", ADMINISTRATOR),
    Shown(
        "organisation-fields",
        "OrganisationModelView.fields",
        "/desk/organisations/fields/{organisation}",
        ADMINISTRATOR,
    ),
    Shown("customer-fields", "CustomerModelView.fields", "/desk/customers/fields/{customer}", ADMINISTRATOR),
    Shown("staff-fields", "StaffModelView.fields", "/desk/staff/fields/{consultant}", ADMINISTRATOR),
    Shown("settings", "AllSettingsView.page", "/desk/settings/", ADMINISTRATOR),
    Shown("settings-found", "AllSettingsView.page", "/desk/settings/?q=adres", ADMINISTRATOR),
    Shown("settings-none", "AllSettingsView.page", "/desk/settings/?q=xyzzy", ADMINISTRATOR),
    Shown("ends", "EndsView.page", "/desk/ends/", ADMINISTRATOR),
    Shown("ends-wrong", "EndsView.page", "/desk/ends/", ADMINISTRATOR, send(close_days="9999")),
    Shown("look", "BrandingView.page", "/desk/look/", ADMINISTRATOR),
    Shown("look-wrong", "BrandingView.page", "/desk/look/", ADMINISTRATOR, send(bar="#ffd166", fill="#88ccff")),
    Shown("templates", "LetterTemplatesView.list", "/desk/templates/", ADMINISTRATOR),
    Shown("template", "LetterTemplatesView.page", "/desk/templates/acknowledgement/pl", ADMINISTRATOR),
    Shown(
        "template-wrong",
        "LetterTemplatesView.page",
        "/desk/templates/acknowledgement/pl",
        ADMINISTRATOR,
        send(source="Temat\n\n{{ nic }}"),
    ),
    *grid("SearchWordsView", "/desk/search-words", "words"),
    *grid("ReadyAnswerModelView", "/desk/ready-answers", "ready_answer"),
    Shown("ready", "TicketModelView.ready", "/desk/tickets/{talk}/ready", CONSULTANT),
    *grid("TagModelView", "/desk/tags", "tag"),
    *grid("IntakeRuleModelView", "/desk/intake-rules", "intake_rule"),
    Shown("hooks", "HooksView.list", "/desk/hooks/", ADMINISTRATOR),
    Shown("hook", "HooksView.show", "/desk/hooks/{hook}", ADMINISTRATOR, unfold(".confirm > summary")),
    Shown("hook-add", "HooksView.add", "/desk/hooks/add", ADMINISTRATOR, send(name="CRM", url="http://a.example")),
    Shown("imports", "ImportsView.list", "/desk/imports/", ADMINISTRATOR, unfold("main details > summary")),
    Shown("import", "ImportsView.show", "/desk/imports/", ADMINISTRATOR, import_companies),
    Shown("config", "TransferView.page", "/desk/config/", ADMINISTRATOR),
    Shown(
        "config-plan",
        "TransferView.page",
        "/desk/config/",
        ADMINISTRATOR,
        compare_settings,
    ),
    Shown("balance", "BalanceView.page", "/desk/balance/", ADMINISTRATOR),
    Shown("rehearsal", "IntakeRuleModelView.rehearse", "/desk/intake-rules/rehearse", ADMINISTRATOR),
    *grid("MailDomainModelView", "/desk/mail-domains", "mail_domain"),
    Shown("desk-keys", "KeyModelView.list", "/desk/keys/list/", ADMINISTRATOR),
    Shown("desk-key", "KeyModelView.show", "/desk/keys/show/{key}", ADMINISTRATOR),
    Shown("telephone", "TelephoneView.page", "/desk/telephone/", ADMINISTRATOR),
    Shown(
        "telephone-secret",
        "TelephoneView.page",
        "/desk/telephone/",
        ADMINISTRATOR,
        send(into="form[action='/desk/telephone/secret']"),
    ),
    Shown("calls", "CallModelView.home", "/desk/calls/", CONSULTANT),
    Shown("calls-audited", "CallModelView.home", "/desk/calls/", AUDITOR),
    Shown("calls-all", "CallModelView.list", "/desk/calls/list/", CONSULTANT),
    Shown("call", "CallModelView.show", "/desk/calls/show/1", CONSULTANT),
    Shown("call-odd", "CallModelView.show", "/desk/calls/show/2", CONSULTANT),
    Shown("desk-call-exchange", "CallsView.record", "/desk/tickets/new?call=1", CONSULTANT),
    Shown("telephone-wrong", "TelephoneView.page", "/desk/telephone/", ADMINISTRATOR, send(number="zadzwoń")),
    Shown("registration", "RegistrationView.page", "/desk/registration/", ADMINISTRATOR),
    Shown("invitations", "InvitationModelView.list", "/desk/invitations/list/", CONSULTANT),
    Shown("invitations-waiting", "InvitationModelView.list", "/desk/invitations/list/?state=waiting", ADMINISTRATOR),
    Shown("invitation", "InvitationModelView.show", "/desk/invitations/show/{invitation}", CONSULTANT),
    Shown("invitation-waiting", "InvitationModelView.show", "/desk/invitations/show/{waiting}", ADMINISTRATOR),
    Shown("invitation-add", "InvitationModelView.add", "/desk/invitations/add", CONSULTANT),
    Shown("invitation-add-wrong", "InvitationModelView.add", "/desk/invitations/add", CONSULTANT, send()),
    Shown("customer-sharing", "CustomerModelView.sharing", "/desk/customers/sharing/{membership}", ADMINISTRATOR),
    Shown("customers-read", "CustomerModelView.show", "/desk/customers/show/{customer}", CONSULTANT),
    Shown("customers-none", "CustomerModelView.list", "/desk/customers/list/?text=qqq", CONSULTANT),
)
ENTRY = "/desk/entries/{entry}"
CONTENT = (
    Shown("entries", "EntriesView.list", "/desk/entries/", EDITOR),
    Shown("entries-none", "EntriesView.list", "/desk/entries/?state=bin&text=qqq", EDITOR),
    Shown("entry-new", "EntriesView.new", "/desk/entries/new", EDITOR, send()),
    Shown("entry", "EntriesView.page", f"{ENTRY}/pl", EDITOR, unfold(".extra > summary")),
    Shown("translations", "TranslationsView.list", "/desk/translations/", TRANSLATOR),
    Shown("translations-found", "TranslationsView.list", "/desk/translations/?text=bilet&language=en", TRANSLATOR),
    Shown("translation", "TranslationsView.sentence", f"/desk/translations/pl/messages/{SENTENCE}", TRANSLATOR),
    Shown(
        "translation-wrong",
        "TranslationsView.sentence",
        f"/desk/translations/pl/messages/{SHORT}",
        TRANSLATOR,
        send(into="form.sheet", string="<b>x</b>"),
    ),
    *grid("GlossaryView", "/desk/glossary", "term", by=TRANSLATOR),
    Shown("translations-files", "CatalogFilesView.page", "/desk/translations/files/", TRANSLATOR),
    Shown(
        "translations-compared", "CatalogFilesView.page", "/desk/translations/files/?language=pl", TRANSLATOR, give_file
    ),
    *(
        Shown(f"translations-names-{kind}", "NamesView.page", f"/desk/translations/names/{kind}", TRANSLATOR)
        for kind in ("states", "fields")
    ),
    Shown("translations-letters", "LetterWordsView.list", "/desk/translations/letters/", TRANSLATOR),
    Shown("translations-letter", "LetterWordsView.letter", "/desk/translations/letters/closed/pl", TRANSLATOR),
    Shown("translations-numbers", "TranslationsView.numbers", "/desk/translations/numbers", ADMINISTRATOR),
    Shown("entry-late", "EntriesView.page", f"{ENTRY}/en", TRANSLATOR),
    Shown("entry-read", "EntriesView.page", f"{ENTRY}/pl", AUDITOR),
    Shown("entry-versions", "EntriesView.versions", f"{ENTRY}/pl/versions", EDITOR),
    Shown("entry-withdraw", "EntriesView.withdraw", f"{ENTRY}/pl/withdraw", EDITOR),
    Shown("entry-bin", "EntriesView.bin", f"{ENTRY}/bin", EDITOR),
    Shown("entry-preview", "EntriesView.preview", f"{ENTRY}/pl/preview", EDITOR),
    Shown("insertable", "EntriesView.insertable", "/desk/entries/insertable/{talk}?q=raport", CONSULTANT),
    Shown("draft", "DraftsView.preview", "/content/preview/{draft_token}", NOBODY),
    Shown("content-types", "ContentTypesView.list", "/desk/content-types/", ADMINISTRATOR),
    Shown("content-type", "ContentTypesView.edit", "/desk/content-types/article", ADMINISTRATOR),
    Shown("content-type-add", "ContentTypesView.add", "/desk/content-types/add", ADMINISTRATOR, send()),
)
# Last of all: the mode stays on in the browser of who points.
POINTING = (Shown("translations-pointing", "HomeView.contact", "/desk/translations/", TRANSLATOR, point),)
ALL = (*PUBLIC, *PORTAL, *DESK, *SETTINGS, *CONTENT, *POINTING)

# Rules that answer GET and have no page to look at, each with the reason. Of the API the description tells.
NOT_PAGES = {
    "CatalogFilesView.export": "a file",
    "LetterWordsView.look": "a frame of the letter's page",
    "TranslationsView.picture": "a picture",
    "TranslateView.home": "leads to /desk/translations/",
    **dict.fromkeys(
        (
            *("AuditModelView.export", "TransferView.export", "ImportsView.sample", "ImportsView.problems"),
            *("TextsView.file", "ArticlesView.file", "TicketModelView.export_xlsx"),
        ),
        "a file",
    ),
    "ShortcutsView.jump": "a part of every page of the desk",
    "TicketModelView.now": "a part of the ticket's page",
    "TicketModelView.mentionable": "a part of the ticket's page",
    "LookView.stylesheet": "the colours of every page",
    "LookView.logo": "a picture",
    "PublicView.robots": "a file for machines",
    "PublicView.sitemap": "a file for machines",
    "PublicView.feed": "a file for machines",
    "QueuesView.counts": "numbers for pages that stay open",
    "OfferingView.offered": "a part of the form of a new ticket",
    "report_offered": "a part of the form of a report",
    "SearchView.typing": "a part of every search box",
    "healthz": "a word for a watchdog",
    "metrics": "numbers for a monitor",
    "readyz": "a word for a watchdog",
    "FilesView.download": "a file",
    "by_letter_file": "a file",
    "TicketsView.file": "a file",
    "TicketModelView.export": "a file",
    "LayoutView.show": "a frame of the ticket's page",
    "TicketModelView.letter": "a frame of the ticket's page",
    "JournalModelView.letter": "a frame of the letter's page",
    "LetterModelView.letter": "a frame of the letter's page",
    "LetterTemplatesView.look": "a frame of the template's page",
    "DraftsView.file": "a file",
    "EntriesView.entry": "leads to the entry in the reader's language",
    "JournalModelView.raw": "a file",
    "ReceiptView.pdf": "a file",
    "CalendarModelView.file": "a file",
    "CallModelView.waiting": "a part of the page of calls",
    "CallsView.callers": "a part of the page of a call",
    "static": "files",
    "security.static": "files",
    "appbuilder.static": "files",
    "HomeView.switch_language": "leads back to the page that was open",
    "security.wan_delete": "leads back to the passkeys",
    "security.two_factor_rescue": "leads to the recovery codes",
    "security.two_factor_setup": "leads to /profile/second-step/",
    "SignInView.login": "leads to /login",
    "SignInView.logout": "leads to /",
    "UtilView.back": "leads to the page before",
}
