"""Other mailers at the same job: a message of about 60 kB with the reader's own links, for every reader.

    PYTHON_OF_A_VENV benchmarks/sending/peers.py NAME PORT RECIPIENTS BYTES

Run by the Python that has benchmarks/requirements-send.txt. Each does it its own usual way; those that keep books keep
them. Prints JSON as transport.py does.
"""

import asyncio
import json
import smtplib
import sys
import tempfile
import time
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any

import jinja2

HOST = "127.0.0.1"
SENTENCE = "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ألف ومئتي متر. "


def template(size: int) -> str:
    """An HTML mail whose message comes to about that many bytes in base64."""
    rows = f"<tr><td dir='rtl'>{SENTENCE}<a href='{{{{ link }}}}'>تابع القراءة</a></td></tr>\n"
    count = max(1, size * 3 // 4 // len(rows.encode()))
    return f"<html><body dir='rtl'><table>{rows * count}</table><a href='{{{{ leave }}}}'>مغادرة</a></body></html>"


def values(number: int) -> dict[str, str]:
    """One reader's own."""
    return {"link": f"https://mujaz.example/{number}", "leave": f"https://mujaz.example/leave/{number:032x}"}


def message(html: str, number: int) -> EmailMessage:
    """A message as the standard library makes it."""
    made = EmailMessage(policy=SMTP_POLICY)
    made["From"], made["To"], made["Subject"] = (
        "digest@mujaz.example",
        f"reader{number}@mujaz.example",
        "موجز اليوم",
    )
    made.set_content("موجز اليوم")
    made.add_alternative(html, subtype="html", cte="base64")
    return made


def smtplib_loop(port: int, count: int, size: int) -> None:
    """One connection, one loop."""
    page = jinja2.Template(template(size))
    with smtplib.SMTP(HOST, port) as client:
        for number in range(count):
            client.send_message(message(page.render(values(number)), number))


def aiosmtplib_naive(port: int, count: int, size: int) -> None:
    """Ten tasks, a connection a message: the first example of the manual."""
    import aiosmtplib

    page = jinja2.Template(template(size))

    async def go() -> None:
        turn = asyncio.Semaphore(10)

        async def one(number: int) -> None:
            async with turn:
                await aiosmtplib.send(
                    message(page.render(values(number)), number), hostname=HOST, port=port, start_tls=False
                )

        await asyncio.gather(*(one(number) for number in range(count)))

    asyncio.run(go())


def fastapi_mail(port: int, count: int, size: int) -> None:
    """A message a call, ten at once."""
    from fastapi_mail import ConnectionConfig, FastMail, MessageSchema, MessageType

    page = jinja2.Template(template(size))
    mailer = FastMail(
        ConnectionConfig(
            MAIL_USERNAME="",
            MAIL_PASSWORD="",
            MAIL_FROM="digest@mujaz.example",
            MAIL_PORT=port,
            MAIL_SERVER=HOST,
            MAIL_STARTTLS=False,
            MAIL_SSL_TLS=False,
            USE_CREDENTIALS=False,
        )
    )

    async def go() -> None:
        turn = asyncio.Semaphore(10)

        async def one(number: int) -> None:
            async with turn:
                await mailer.send_message(
                    MessageSchema(
                        subject="موجز اليوم",
                        recipients=[f"reader{number}@example.org"],
                        body=page.render(values(number)),
                        subtype=MessageType.html,
                    )
                )

        await asyncio.gather(*(one(number) for number in range(count)))

    asyncio.run(go())


def with_django(port: int, *apps: str, **more: Any) -> None:
    """Set Django up with a database in a file."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites", *apps],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{tempfile.mkdtemp()}/peers.db"}
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        EMAIL_HOST=HOST,
        EMAIL_PORT=port,
        DEFAULT_FROM_EMAIL="digest@mujaz.example",
        SITE_ID=1,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SECRET_KEY="bench",
        LOGGING_CONFIG=None,
        **more,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def post_office(port: int, count: int, size: int) -> float:
    """Its queue, filled and sent by its own command's function, five threads."""
    with_django(
        port,
        "post_office",
        EMAIL_BACKEND="post_office.EmailBackend",
        POST_OFFICE={"THREADS_PER_PROCESS": 5, "BATCH_SIZE": 1000},
    )
    from post_office import mail

    page = jinja2.Template(template(size))
    begun = time.perf_counter()
    mail.send_many(
        [
            {
                "recipients": [f"reader{number}@example.org"],
                "sender": "digest@mujaz.example",
                "subject": "موجز اليوم",
                "html_message": page.render(values(number)),
                "priority": "medium",
            }
            for number in range(count)
        ]
    )
    mail.send_queued(processes=1)
    return begun


def newsletter(port: int, count: int, size: int) -> float:
    """Its submission of one message to all subscribers."""
    with_django(
        port,
        "newsletter",
        "sorl.thumbnail",
        NEWSLETTER_THUMBNAIL="sorl-thumbnail",
        ROOT_URLCONF=__name__,
        NEWSLETTER_RICHTEXT_WIDGET=None,
    )
    from django.urls import include, path
    from django.utils import timezone

    urlpatterns.append(path("newsletter/", include("newsletter.urls")))
    from newsletter.models import Article, Message, Newsletter, Submission, Subscription

    mailing_list = Newsletter.objects.create(
        title="موجز", slug="daily", email="digest@mujaz.example", sender="Mujaz"
    )
    Subscription.objects.bulk_create(
        [
            Subscription(
                newsletter=mailing_list,
                email_field=f"reader{number}@example.org",
                subscribed=True,
                activation_code=f"{number:040x}",
                create_date=timezone.now(),
            )
            for number in range(count)
        ]
    )
    told = Message.objects.create(title="موجز اليوم", slug="one", newsletter=mailing_list)
    rows = max(1, size * 3 // 4 // len(SENTENCE.encode()))
    Article.objects.create(title="خبر", sortorder=10, text=SENTENCE * rows, post=told)
    submission = Submission.from_message(told)
    submission.prepared = True
    submission.save()
    begun = time.perf_counter()
    submission.submit()
    return begun


urlpatterns: list[Any] = []
PEERS = {
    "smtplib-loop": smtplib_loop,
    "aiosmtplib-naive": aiosmtplib_naive,
    "fastapi-mail": fastapi_mail,
    "post-office": post_office,
    "newsletter": newsletter,
}


def main() -> None:
    name, port, count, size = sys.argv[1:]
    wall, cpu = time.perf_counter(), time.process_time()
    begun = PEERS[name](int(port), int(count), int(size)) or wall
    print(
        json.dumps(
            {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - cpu, "messages": int(count)}
        )
    )


if __name__ == "__main__":
    main()
