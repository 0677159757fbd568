"""Holes that were found in newsletters, readers of feeds, mail tools and our own parts, each with the tests
that try it here.

A class stands under what went wrong, with advisories in which it did. A house test says when a test is gone.
"""

from typing import NamedTuple


class Hole(NamedTuple):
    """A class of holes: where it was found, and which tests try it here, each as FILE::TEST."""

    found_in: str
    tests: tuple[str, ...]


DESK = "integration/desk"
WEB = "integration/web"
HOLES = {
    "text of people is run as a template, reads the environment or runs code": Hole(
        "listmonk CVE-2025-49136, changedetection.io CVE-2024-32651, Jinja2 CVE-2024-56326 and CVE-2025-27516",
        (
            "unit/render/templating/test_templates.py::test_text_from_outside_is_never_read_as_a_template",
            "unit/render/templating/test_templates.py::test_a_wrong_template_is_named_with_line_and_reason",
            "integration/collect/sandbox/test_sandbox.py::test_the_child_knows_nothing_of_the_parents_environment",
        ),
    ),
    "a template that never ends": Hole(
        "listmonk, out of its scope",
        (
            "unit/render/templating/test_templates.py::test_a_template_that_runs_for_ever_is_stopped",
            "unit/render/templating/test_templates.py::test_a_template_cannot_fill_the_memory",
        ),
    ),
    "another site's page makes a browser act": Hole(
        "listmonk CVE-2025-58430, Ghost CVE-2026-29784, phpList CVE-2026-92806, Mailman CVE-2021-42096",
        (
            f"{DESK}/test_matrix.py::test_no_form_of_another_site_is_taken",
            "integration/api/test_matrix.py::test_another_sites_page_makes_no_browser_call",
            f"{WEB}/joining/test_web_consent.py::test_another_sites_form_is_refused",
        ),
    ),
    "a script of a feed or mail runs in the preview, the archive, the mailbox or the desk": Hole(
        "listmonk CVE-2026-21483, Mautic CVE-2025-9823 and CVE-2026-9809, Miniflux CVE-2025-31483",
        (
            "red/test_scripts.py::test_payloads_in_every_field_do_nothing_on_any_page",
            "red/test_scripts.py::test_payloads_do_nothing_on_any_page_of_the_desk",
            "red/test_scripts.py::test_payloads_do_nothing_in_the_mailbox",
            "browser/test_hostile.py::test_a_hostile_web_edition_breaks_none_either",
        ),
    ),
    "a script in a picture (SVG)": Hole(
        "listmonk, out of its scope",
        (
            f"{DESK}/lists/test_list_settings.py::test_what_is_no_picture_becomes_no_logo",
            "unit/collect/test_pictures.py::test_what_is_no_picture_for_a_mail_is_refused",
        ),
    ),
    "a script in Referer, the browser's name or a proxy's header": Hole(
        "Mautic CVE-2020-35124",
        (f"{DESK}/test_known_holes.py::test_what_a_browser_says_of_itself_is_shown_as_words",),
    ),
    "a script in what a mail server answers, or a provider reports": Hole(
        "Mautic CVE-2021-27910",
        (f"{DESK}/test_known_holes.py::test_what_a_mail_server_said_is_shown_as_words",),
    ),
    "a script in a sentence about an error": Hole(
        "changedetection.io CVE-2025-52558 and CVE-2026-27645, Datasette CVE-2021-32670",
        (
            f"{WEB}/archive/test_web_search.py::test_what_was_searched_is_escaped_and_stays_in_the_form",
            f"{DESK}/test_bad_input.py::test_no_address_breaks_a_page",
            "integration/operate/test_foreign_words.py::test_an_error_shows_strangers_words_as_words",
        ),
    ),
    "what is broken tells how": Hole(
        "Datasette CVE-2021-32670",
        (
            "integration/api/test_calls.py::test_what_is_broken_is_told_without_how",
            f"{WEB}/archive/test_web_answers.py::test_what_nobody_foresaw_is_a_page_with_all_headers",
        ),
    ),
    "a session outlives the password, the role or the logout": Hole(
        "listmonk CVE-2026-34828",
        (
            f"{DESK}/test_login.py::test_what_ends_a_session_ends_it",
            f"{DESK}/test_login.py::test_a_session_ends_by_itself_when_idle_and_when_old",
        ),
    ),
    "the second factor is passed by": Hole(
        "Ghost CVE-2026-22594",
        (
            f"{DESK}/test_login.py::test_the_second_factor_is_asked_for_and_no_code_opens_twice",
            f"{DESK}/test_login.py::test_who_has_to_have_a_second_factor_gets_no_further_without",
        ),
    ),
    "passwords are guessed, or compared loosely": Hole(
        "phpList CVE-2020-8547, Mailman CVE-2021-34337",
        (
            f"{DESK}/test_login.py::test_a_wrong_address_and_a_wrong_password_are_told_the_same",
            "integration/api/test_matrix.py::test_nobody_is_answered_without_a_key_that_holds",
        ),
    ),
    "chance that can be guessed": Hole(
        "Mautic CVE-2021-27913",
        (
            "unit/services/test_webhook_signatures.py::test_a_new_secret_has_256_bits",
            "integration/api/test_calls.py::test_a_key_is_shown_once_and_kept_as_a_hash",
        ),
    ),
    "a route that forgot to ask who calls": Hole(
        "changedetection.io CVE-2026-35490, Mautic CVE-2022-25776, sqladmin CVE-2026-46645",
        (
            f"{DESK}/test_matrix.py::test_the_desk_does_not_start_with_a_route_that_does_not_say_who_may_call_it",
            f"{DESK}/test_matrix.py::test_each_role_gets_what_it_may_and_nothing_else",
            "integration/api/test_matrix.py::test_nothing_starts_while_a_route_does_not_say_who_may_call_it",
            "integration/api/test_matrix.py::test_each_scope_opens_its_routes_and_nothing_else",
        ),
    ),
    "another spelling of the path, or another verb, leads in": Hole(
        "Ghost CVE-2026-22595",
        (
            f"{DESK}/test_matrix.py::test_no_other_spelling_and_no_other_verb_leads_in",
            "integration/api/test_matrix.py::test_no_other_spelling_and_no_other_verb_leads_in",
        ),
    ),
    "ids of others are answered": Hole(
        "listmonk 4.0.1, Mailman CVE-2021-40347, Ghost CVE-2022-41654",
        (
            f"{DESK}/test_matrix.py::test_another_list_is_not_even_there",
            f"{DESK}/people/test_people.py::test_another_lists_people_are_not_there",
            "integration/api/test_matrix.py::test_ids_of_another_list_are_not_there",
            f"{WEB}/joining/test_web_consent.py::test_the_page_of_a_subscriber_is_hers_alone",
        ),
    ),
    "a form sets what it does not ask for": Hole(
        "Ghost CVE-2022-41654",
        (
            f"{WEB}/choices/test_preferences_refused.py::test_a_form_changes_nothing_that_it_does_not_ask_for",
            f"{DESK}/test_bad_input.py::test_nobody_raises_themselves_and_the_last_owner_stays",
        ),
    ),
    "what is private is joined, read or searched": Hole(
        "listmonk 4.1, Mailman CVE-2021-33038, Mautic CVE-2025-5257",
        (
            f"{WEB}/archive/test_web_answers.py::test_a_list_that_is_not_public_is_not_there",
            f"{WEB}/archive/test_web_reading.py::test_an_edition_that_did_not_go_out_is_not_there",
            f"{WEB}/archive/test_web_search.py::test_an_edition_for_a_segment_has_its_page_and_stands_in_no_archive",
        ),
    ),
    "a filter is a piece of SQL": Hole(
        "Ghost CVE-2026-26980 and CVE-2026-22596, listmonk, out of its scope",
        (f"{DESK}/test_known_holes.py::test_no_filter_of_the_desk_is_a_piece_of_sql",),
    ),
    "what was stored is a piece of SQL later": Hole(
        "mailcow CVE-2026-40871, phpList CVE-2020-35708",
        (
            f"{DESK}/test_known_holes.py::test_what_was_stored_is_no_sql_when_it_is_used_later",
            f"{DESK}/test_known_holes.py::test_a_file_of_people_holds_no_sql",
        ),
    ),
    "a filter tells what it may not show": Hole(
        "Ghost CVE-2023-31133",
        ("integration/api/test_calls.py::test_what_is_wrong_is_a_problem_with_a_sentence",),
    ),
    "the answer, or its time, tells who is known": Hole(
        "Mautic CVE-2024-47057 and CVE-2024-47059, Datasette CVE-2023-40570",
        (
            "red/test_floods.py::test_the_time_of_the_answer_does_not_tell_who_reads",
            f"{WEB}/joining/test_web_consent.py::test_the_form_tells_nobody_who_reads",
            f"{DESK}/test_login.py::test_asking_for_a_new_password_tells_nobody_who_has_an_account",
        ),
    ),
    "addresses inside are visited": Hole(
        "Ghost CVE-2026-22597 and CVE-2026-53946, Mailpit CVE-2026-21859 and its four incomplete fixes, Miniflux CVE-2026-21885",
        (
            "integration/collect/fetch/test_ssrf.py::test_no_attack_by_address_makes_a_connection",
            "integration/collect/fetch/test_ssrf.py::test_redirects_inside_are_not_followed",
            "integration/collect/fetch/test_ssrf.py::test_a_name_that_changes_its_mind_is_not_followed",
            "unit/render/templating/test_inline.py::test_a_file_of_this_machine_is_never_read",
        ),
    ),
    "file:, source: and other schemes are followed": Hole(
        "changedetection.io CVE-2024-51483 and CVE-2024-56509",
        ("integration/collect/fetch/test_ssrf.py::test_no_attack_by_address_makes_a_connection",),
    ),
    "a path leads out of its folder": Hole(
        "Ghost CVE-2026-70593, Mautic CVE-2021-27916, Mailpit CVE-2026-45711, changedetection.io CVE-2026-25527",
        (
            f"{WEB}/archive/test_web_pictures.py::test_nothing_else_is_opened_by_that_way",
            f"{WEB}/mailbox/test_web_mailbox.py::test_no_address_leads_out_of_the_mailbox",
            "integration/deliver/test_receiver.py::test_a_key_leads_out_of_no_folder",
        ),
    ),
    "a backup that is put back brings files or other people's rows": Hole(
        "changedetection.io CVE-2026-29065 and CVE-2026-43891",
        (
            "integration/outages/test_copied.py::test_a_restore_refuses_while_in_use_keeps_the_old_file_and_takes_only_ours",
        ),
    ),
    "XML reads files, or grows without an end": Hole(
        "changedetection.io CVE-2026-41895",
        (
            "unit/collect/parse/test_feed.py::test_no_entity_of_the_feed_is_ever_opened",
            "unit/collect/parse/test_hostile_feeds.py::test_a_hostile_feed_is_refused_in_less_than_half_a_second",
        ),
    ),
    "a redirect leads to another site": Hole(
        "Miniflux CVE-2025-67713 and CVE-2026-55185",
        (
            f"{DESK}/test_known_holes.py::test_a_login_leads_nowhere_else",
            f"{WEB}/joining/test_web_embedded.py::test_nobody_is_led_elsewhere",
            f"{WEB}/test_web_locations.py::test_a_slash_too_many_leads_to_a_path_whatever_host_was_asked",
        ),
    ),
    "the Host that was asked for is believed": Hole(
        "Starlette CVE-2026-48710",
        ("red/test_freezes.py::test_a_foreign_host_in_a_question_is_in_no_answer",),
    ),
    "a line end in a name begins a header or a command": Hole(
        "Mailpit CVE-2026-23829, aiosmtplib CVE-2026-53533, Ghost with nodemailer",
        (
            "unit/render/message/test_headers.py::test_a_line_end_in_a_headline_begins_no_new_header",
            "unit/render/message/test_headers.py::test_a_structured_field_refuses_what_would_break_it",
        ),
    ),
    "one address is read as another by another server": Hole(
        "Mastodon CVE-2026-41259",
        ("unit/render/message/test_headers.py::test_a_strange_recipient_address_stays_one_address",),
    ),
    "an answer before TLS is believed after it": Hole(
        "aiosmtplib CVE-2026-55558", ("house/test_tree.py::test_security_floors_are_kept",)
    ),
    "a cell of an export is a formula": Hole(
        "phpList CVE-2021-3188, listmonk, out of its scope",
        (
            f"{DESK}/people/test_changing_people.py::test_an_export_runs_no_formula_and_is_in_the_log",
            f"{DESK}/audit/test_audit.py::test_no_cell_of_the_export_is_a_formula_and_no_secret_is_in_it",
        ),
    ),
    "anybody unsubscribes anybody, and a scanner everybody": Hole(
        "Mailman CVE-2021-40347, hackwestern and seven others",
        (
            "integration/joining/test_coming_and_leaving.py::test_what_is_forged_or_written_by_a_program_ends_no_subscription",
            f"{WEB}/joining/test_web_consent.py::test_looking_at_every_page_changes_nothing",
        ),
    ),
    "a form mails strangers without an end": Hole(
        "Mailman, 73,000 requests in three weeks",
        (
            "integration/joining/test_signup_defence.py::test_a_flood_from_everywhere_is_one_mail_an_address_at_most",
            "integration/joining/test_signups.py::test_one_mailbox_is_asked_once_a_day_whatever_its_spelling_and_the_list",
        ),
    ),
    "bodies without a limit, on one route of many": Hole(
        "Mailpit CVE-2026-45713, Starlette CVE-2026-54283, python-multipart, five of them",
        (
            f"{DESK}/test_bad_input.py::test_a_megabyte_is_refused_before_it_is_read",
            f"{DESK}/people/test_imports.py::test_a_file_that_is_too_large_is_given_up_while_it_comes",
            f"{WEB}/archive/test_web_answers.py::test_a_large_body_is_refused_before_it_is_read",
            "unit/entrypoints/test_bodies.py::test_a_body_without_a_length_ends_at_the_limit",
        ),
    ),
    "many ranges cost their square": Hole(
        "Starlette CVE-2025-62727", (f"{DESK}/test_known_holes.py::test_many_ranges_are_answered_as_none",)
    ),
    "a web socket of another site": Hole(
        "Mailpit CVE-2026-22689", (f"{DESK}/test_known_holes.py::test_nobody_opens_a_web_socket",)
    ),
    "two at once break what each alone does not": Hole(
        "Mailpit CVE-2026-45712",
        (
            "integration/api/test_calls.py::test_many_at_once_are_done_once",
            "integration/joining/test_confirming.py::test_two_presses_at_once_confirm_once_and_greet_once",
        ),
    ),
    "secrets in addresses, logs and tracebacks": Hole(
        "Datasette GHSA-q6j3-c4wc-63vw",
        (
            "unit/core/test_hidden.py::test_no_secret_setting_shows_in_config_log_trace_or_library_records",
            f"{WEB}/archive/test_web_answers.py::test_every_answer_carries_the_security_headers",
        ),
    ),
}
"""What went wrong elsewhere, and what tries it here."""
