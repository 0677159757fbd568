"""Letters without a delivery status, in the manner of the servers that write them; all of them our own writing."""

READER = "reader@mujaz.example"
COPY = "Return-Path: <digest@mujaz.example>\nMessage-ID: <7.abc@mujaz.example>\nTo: reader@mujaz.example\nSubject: news\n\ntext\n"
EXIM = "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {reader}\n    {said}\n\n------ This is a copy of the message, including all the headers. ------\n\n"
QMAIL = "Hi. This is the qmail-send program at old.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{reader}>:\n{said}\n\n--- Below this line is a copy of the message.\n\n"
YAHOO = "Sorry, we were unable to deliver your message to the following address.\n\n<{reader}>:\n{said}\n\n--- Below this line is a copy of the message.\n\n"
GMAIL = "Delivery to the following recipient failed permanently:\n\n     {reader}\n\nTechnical details of permanent failure:\nThe other server answered:\n{said}\n\n   ----- Original message -----\n\n"
POSTFIX = "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to postmaster.\n\n<{reader}>: {said}\n\n"
SENDMAIL = "The original message was received at Mon, 5 Jan 2026 04:00:00 GMT\n\n   ----- The following addresses had permanent fatal errors -----\n<{reader}>\n\n   ----- Transcript of session follows -----\n{said}\n\n   ----- Original message follows -----\n\n"
OPENSMTPD = "Hi!\n\nThis is the MAILER-DAEMON.\n\nAn error has occurred while attempting to deliver a message for\nthe following list of recipients:\n\n{reader}: {said}\n\nBelow is a copy of the original message:\n\n"
DMA = "This is the DragonFly Mail Agent at mx.example.\n\nThere was an error delivering your mail to <{reader}>.\n\n{said}\n\nMessage headers follow.\n\n"
MAILRU = "Это письмо создано автоматически сервером.\n\nК сожалению, Ваше письмо не может быть доставлено:\n\n  {reader}\n    {said}\n\nРекомендуем проверить адреса.\n\n**********************\n\n"
EXCHANGE = "Your message\n\n  To:      {reader}\n  Subject: news\n\ndid not reach the following recipient(s):\n\n{reader} on Mon, 5 Jan 2026 04:00:00 +0300\n    {said}\n"
NOTES = "------- Failure Reasons  --------\n\n{said}\n{reader}\n\n------- Returned Message --------\n"
IMAIL = "{said}: {reader}\n\nOriginal message follows.\n\n"
GROUPWISE = "The message that you sent was undeliverable to the following:\n\t{reader} ({said})\n"
MARSHAL = "Your message:\n   Subject: news\nCould not be delivered because of\n\n{said}\n\nThe following recipients were affected:\n    {reader}\n"
MDAEMON = "The attached message had PERMANENT fatal delivery errors!\n\nFailed address: {reader}\n\n--- Session Transcript ---\n{said}\n--- End Transcript ---\n"
MERCURY = "The following addresses had delivery failures: \n\n{reader}: {said}\n\nThe body of your original message follows this line:\n"
COMMUNIGATE = "Message delivery to '{reader}' failed\n{said}\n\n"
COURIER = "This is a delivery status notification from mx.example,\nrunning the Courier mail server.\n\nThe original message was received on Mon, 05 Jan 2026 04:00:00 +0000\n\nUNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<{reader}>:\n    {said}\n\n"
MOBILE = "Message could not be delivered to mobile.\nError: {said}\n\nOriginal Message:\nTo: {reader}\n"
JAPAN = "次のあて先へのメッセージはエラーのため送信できませんでした。\n{said}\n\n<{reader}>\n"
ARABIC = "تعذّر تسليم رسالتك إلى العنوان الآتي:\n\n{reader}\n{said}\n"
FRENCH = "Votre message n'a pas pu être remis au destinataire suivant :\n\n{reader}\n{said}\n"
GERMAN = "Ihre Nachricht konnte nicht zugestellt werden an:\n\n{reader}\n{said}\n"
TURKISH = "İletiniz aşağıdaki alıcıya teslim edilemedi:\n\n{reader}\n{said}\n"
SPANISH = "Su mensaje no se ha podido entregar a:\n\n{reader}\n{said}\n"
PERSIAN = "نامهٔ شما تحویل نشد:\n\n{reader}\n{said}\n"
CHINESE = "您的邮件无法送达以下收件人：\n\n{reader}\n{said}\n"

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"
POSTMASTER = "Postmaster <postmaster@mx.example>"

LETTERS = [
    ("exim", DAEMON, "Mail delivery failed: returning message to sender", EXIM, "host mail.example [192.0.2.4]: 550 5.1.1 No such user here", "hard"),
    ("exim", DAEMON, "Mail delivery failed: returning message to sender", EXIM, "Unrouteable address", "hard"),
    ("exim", DAEMON, "Mail delivery failed: returning message to sender", EXIM, "mailbox is full: retry timeout exceeded", "soft"),
    ("exim", DAEMON, "Mail delivery failed: returning message to sender", EXIM, "retry timeout exceeded", "unknown"),
    ("exim", DAEMON, "Mail delivery failed: returning message to sender", EXIM, "SMTP error from remote mail server after MAIL FROM:<digest@mujaz.example>: 550 unknown user", "block"),
    ("exim", DAEMON, "Mail delivery failed: returning message to sender", EXIM, "SMTP error after end of data: host mail.example: 552 spam score 9.1 is too high", "block"),
    ("exim", DAEMON, "Mail delivery failed: returning message to sender", EXIM, "550-Verification failed for <digest@mujaz.example>\n    550-No Such User Here\n    550 Sender verify failed", "block"),
    ("qmail", DAEMON, "failure notice", QMAIL, "192.0.2.9 does not like recipient.\nRemote host said: 550 sorry, no mailbox here by that name", "hard"),
    ("qmail", DAEMON, "failure notice", QMAIL, "Remote host said: 552 5.2.2 Mailbox over quota", "soft"),
    ("qmail", DAEMON, "failure notice", QMAIL, "Connected to 192.0.2.9 but sender was rejected.\nRemote host said: 550 5.7.1 Client blocked", "block"),
    ("qmail", DAEMON, "failure notice", QMAIL, "Sorry, I couldn't find any host named nowhere.example. (#5.1.2)", "hard"),
    ("qmail", DAEMON, "failure notice", QMAIL, "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", "unknown"),
    ("yahoo", DAEMON, "Failure Notice", YAHOO, "Remote host said: 554 delivery error: dd This user doesn't have a marfa.example account", "hard"),
    ("yahoo", DAEMON, "Failure Notice", YAHOO, "554 delivery error: dd Sorry, this mailbox is disabled (554.30)", "unknown"),
    ("yahoo", DAEMON, "Failure Notice", YAHOO, "Remote host said: 553 Mail from 192.0.2.1 not allowed - 5.7.1 [BL21] Connections will not be accepted from it", "block"),
    ("gmail", DAEMON, "Delivery Status Notification (Failure)", GMAIL, "550 550-5.1.1 That address does not exist here. Please look\n550-5.1.1 for typos (state 14).", "hard"),
    ("gmail", DAEMON, "Delivery Status Notification (Failure)", GMAIL, "554 554 5.7.1 Client host [192.0.2.49] blocked using a list (state 13)", "block"),
    ("postfix", DAEMON, "Undelivered Mail Returned to Sender", POSTFIX, "unknown user: \"reader\"", "hard"),
    ("postfix", DAEMON, "Undelivered Mail Returned to Sender", POSTFIX, "host mail.example[192.0.2.4] said: 550 Recipient address rejected: User\n    unknown in virtual mailbox table (in reply to RCPT TO command)", "hard"),
    ("postfix", DAEMON, "Undelivered Mail Returned to Sender", POSTFIX, "host mail.example[192.0.2.4] said: 550 Sender address rejected: User\n    unknown (in reply to RCPT TO command)", "block"),
    ("postfix", DAEMON, "Undelivered Mail Returned to Sender", POSTFIX, "mail for mujaz.example loops back to myself", "unknown soft"),
    ("postfix", DAEMON, "Undelivered Mail Returned to Sender", POSTFIX, "message size 40000000 exceeds size limit 20000000 of server mail.example", "block"),
    ("postfix", DAEMON, "Undelivered Mail Returned to Sender", POSTFIX, "command died with status 2: \"/usr/bin/procmail\". Output: no such user", "soft"),
    ("sendmail", DAEMON, "Returned mail: see transcript for details", SENDMAIL, "... while talking to mail.example.:\n>>> RCPT To:<reader@mujaz.example>\n<<< 550 unknown user\n550 5.1.1 <reader@mujaz.example>... User unknown", "hard"),
    ("sendmail", DAEMON, "Returned mail: Host unknown", SENDMAIL, "550 5.1.2 <reader@mujaz.example>... Host unknown (Name server: nowhere.example: host not found)", "hard"),
    ("sendmail", DAEMON, "Returned mail: Service unavailable", SENDMAIL, "<<< 554 Service unavailable; [192.0.2.1] is listed at a blocklist", "block"),
    ("sendmail", DAEMON, "Warning: could not send message for past 4 hours", SENDMAIL, "<reader@mujaz.example>... Deferred: Connection timed out\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old", "soft"),
    ("opensmtpd", "Mailer Daemon <MAILER-DAEMON@mx.example>", "Delivery status notification: error", OPENSMTPD, "550 5.1.1 Invalid recipient", "hard"),
    ("opensmtpd", "Mailer Daemon <MAILER-DAEMON@mx.example>", "Delivery status notification: error", OPENSMTPD, "Network error on destination MXs", "unknown"),
    ("dma", "MAILER-DAEMON <>", "Mail delivery failed", DMA, "mail.example [192.0.2.25] did not like our RCPT TO:\n550 Mailbox not found", "hard"),
    ("dma", "MAILER-DAEMON <>", "Mail delivery failed", DMA, "Could not deliver for the last 432000 seconds. Giving up.", "unknown"),
    ("mail.ru", "mailer-daemon@corp.mail.example", "=?utf-8?b?0JLQsNGI0LUg0YHQvtC+0LHRidC10L3QuNC1INC90LUg0LTQvtGB0YLQsNCy0LvQtdC90L4=?=", MAILRU, "550 Пользователь не найден", "hard"),
    ("mail.ru", "mailer-daemon@corp.mail.example", "=?utf-8?b?0JLQsNGI0LUg0YHQvtC+0LHRidC10L3QuNC1INC90LUg0LTQvtGB0YLQsNCy0LvQtdC90L4=?=", MAILRU, "Ящик переполнен", "soft"),
    ("exchange", "System Administrator <postmaster@mx.example>", "Undeliverable: news", EXCHANGE, "The recipient name is not recognized", "hard"),
    ("exchange", "System Administrator <postmaster@mx.example>", "Undeliverable: news", EXCHANGE, "The recipient's mailbox is full", "soft"),
    ("exchange", "System Administrator <postmaster@mx.example>", "Undeliverable: news", EXCHANGE, "The e-mail account does not exist at the organization this message was sent to.", "hard"),
    ("notes", "postmaster@notes.example", "Undeliverable message", NOTES, "User not listed in the Address Book", "hard"),
    ("imail", POSTMASTER, "Undeliverable Mail", IMAIL, "unknown user", "hard"),
    ("imail", POSTMASTER, "Undeliverable Mail", IMAIL, "User mailbox exceeds allowed size", "soft"),
    ("groupwise", "Mailer-Daemon@gw.example", "Message status - undeliverable", GROUPWISE, "550 user unknown", "hard"),
    ("groupwise", "Mailer-Daemon@gw.example", "Message status - undeliverable", GROUPWISE, "452 disk space of the mailbox exceeded, quota reached", "soft"),
    ("mailmarshal", POSTMASTER, "Undeliverable Mail: \"news\"", MARSHAL, "550 5.1.1 unknown recipient", "hard"),
    ("mailmarshal", POSTMASTER, "Undeliverable Mail: \"news\"", MARSHAL, "550 Rule imposed mailbox access for the sender", "block"),
    ("mdaemon", "MDaemon at mx.example <MDaemon@mx.example>", "Permanent Delivery Failure", MDAEMON, "--> RCPT To:<reader@mujaz.example>\n<-- 550 No such recipient", "hard"),
    ("mercury", "postmaster@mercury.example", "Postmaster notify: delivery failure.", MERCURY, "553 5.3.0 no such account", "hard"),
    ("communigate", "MAILER-DAEMON@cgp.example", "Undeliverable mail: news", COMMUNIGATE, "account is full (quota exceeded)", "soft"),
    ("communigate", "MAILER-DAEMON@cgp.example", "Undeliverable mail: news", COMMUNIGATE, "unknown user account", "hard"),
    ("courier", "\"Courier mail server at mx.example\" <postmaster@mx.example>", "NOTICE: mail delivery status.", COURIER, "<<< 550 User <reader@mujaz.example> unknown", "hard"),
    ("courier", "\"Courier mail server at mx.example\" <postmaster@mx.example>", "NOTICE: mail delivery status.", COURIER, "<<< 554 Message rejected: it looks like unsolicited bulk e-mail", "block"),
    ("mobile", "MMSC Administrator <sysadmin@mms.example>", "Undeliverable Message", MOBILE, "No valid recipients for this MM", "hard"),
    ("japan", "Mail Administrator <Postmaster@keitai.example>", "Mail System Error - Returned Mail", JAPAN, "送信先メールアドレスが見つかりませんでした。", "hard"),
    ("japan", "Mail Administrator <Postmaster@keitai.example>", "Mail System Error - Returned Mail", JAPAN, "メールボックスの容量を超えています。", "soft"),
    ("arabic", "Mail System <mailer-daemon@isp.example>", "=?utf-8?b?2KrYudiw2ZHYsSDYqtiz2YTZitmFINix2LPYp9mE2KrZgw==?=", ARABIC, "العنوان غير موجود لدينا", "hard"),
    ("arabic", "Mail System <mailer-daemon@isp.example>", "=?utf-8?b?2KrYudiw2ZHYsSDYqtiz2YTZitmFINix2LPYp9mE2KrZgw==?=", ARABIC, "صندوق البريد ممتلئ", "soft"),
    ("arabic", "Mail System <mailer-daemon@isp.example>", "=?utf-8?b?2KrYudiw2ZHYsSDYqtiz2YTZitmFINix2LPYp9mE2KrZgw==?=", ARABIC, "الحساب معطّل منذ عام", "unknown"),
    ("arabic", "Mail System <mailer-daemon@isp.example>", "=?utf-8?b?2KrYudiw2ZHYsSDYqtiz2YTZitmFINix2LPYp9mE2KrZgw==?=", ARABIC, "554 رُفضت الرسالة: عنوان المُرسِل محظور", "block"),
    ("french", DAEMON, "Message non remis", FRENCH, "550 Utilisateur inconnu", "hard"),
    ("french", DAEMON, "Message non remis", FRENCH, "552 Boîte aux lettres pleine", "soft"),
    ("german", DAEMON, "Unzustellbar: news", GERMAN, "550 Empfänger unbekannt", "hard"),
    ("german", DAEMON, "Unzustellbar: news", GERMAN, "552 Das Postfach ist voll", "soft"),
    ("turkish", DAEMON, "Teslim edilemedi: news", TURKISH, "550 Kullanıcı bulunamadı", "hard"),
    ("turkish", DAEMON, "Teslim edilemedi: news", TURKISH, "552 Posta kutusu dolu", "soft"),
    ("spanish", DAEMON, "No se puede entregar: news", SPANISH, "550 No existe ese usuario", "hard"),
    ("persian", DAEMON, "Delivery failure", PERSIAN, "550 این نشانی وجود ندارد", "hard"),
    ("chinese", DAEMON, "退信", CHINESE, "550 收件人不存在", "hard"),
    ("chinese", DAEMON, "退信", CHINESE, "552 对方邮箱已满", "soft"),
]  # fmt: skip
"""(server, From, Subject, its letter, what it says, the weights that are right)"""

FIELDS = [
    # Relays put a code of their own before whatever the receiver said: then the words say what is right.
    ("5.1.1", "smtp; 550 5.1.1 192.0.2.1 is on our blacklist", "block"),
    ("5.1.1", "smtp; 552 5.2.2 over quota", "soft"),
    ("5.1.1", "smtp; 550 you have sent to too many recipients this hour", "block soft"),
    ("5.1.1", "smtp; 550 5.1.1 SPF check failed for the sender's domain", "block"),
    ("5.1.1", "smtp; 451 4.7.1 Greylisted, please come again in five minutes", "soft"),
    ("5.1.1", "smtp; 550 message larger than this server takes", "block soft"),
    ("5.1.0", "smtp; 550 5.1.0 sender rejected", "block"),
    ("5.1.0", "smtp; 5.1.0 - Unknown address error 550-'5.1.1 there is no such mailbox'", "hard"),
    ("5.1.8", "smtp; 553 5.1.8 Domain of sender address does not exist", "block"),
    ("5.2.0", "smtp; 550 5.2.0 this mail was taken for spam", "block"),
    ("5.2.1", "smtp; 550 5.2.1 the reader gets mail at a rate that prevents more", "block soft"),
    ("5.2.1", "smtp; 550 5.2.1 the account is disabled", "unknown hard"),
    ("5.2.3", "smtp; 550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large", "block soft"),
    ("5.4.6", "smtp; 554 5.4.6 Too many hops, this is a mail loop", "block soft unknown"),
    ("5.7.1", "smtp; 553 5.7.1 Invalid recipient", "hard"),
    ("5.7.1", "smtp; 550 5.7.1 Access denied", "block"),
    ("5.7.26", "smtp; 550 5.7.26 Unauthenticated mail from mujaz.example, DMARC", "block"),
    ("5.0.0", "smtp; 550 relaying denied", "block"),
    ("5.0.0", "smtp; 554 Rejected by Filter v5.1.1: it looks like spam", "block"),
    ("5.0.0", "smtp; 554 see https://marfa.example/5.1.1/user-unknown", "block soft unknown"),
    ("5.0.0", "smtp; 550 5.5.0 <spam.user.unknown@mujaz.example> blocked", "block soft"),
    ("4.1.1", "smtp; 450 4.1.1 Recipient address rejected: User unknown in local table", "hard"),
    ("4.0.0", "smtp; DNS lookup says NXDOMAIN, domain name not found", "unknown"),
    ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied", "hard"),
    ("5.1.1", "x-unix; procmail: cannot create the folder", "soft"),
    ("5.3.2", "smtp; 521 5.3.2 this host takes no mail: null MX", "soft block"),
]  # fmt: skip
"""(Status, Diagnostic-Code, the weights that are right)"""

ABSENCES = [
    ("رد تلقائي: موجز اليوم", "أنا خارج المكتب حتى الأحد، راسلوا salma@mujaz.example"),
    ("خارج المكتب", "سأعود قريباً"),
    ("أنا في إجازة", "سأعود قريباً"),
    ("پاسخ خودکار: خبرنامه", "در مرخصی هستم"),
    ("Otomatik Yanıt: bülten", "Ofis dışındayım; salma@mujaz.example adresine yazın. User is away"),
    ("OTOMATİK YANIT: bülten", "Ofis dışındayım"),
    ("Réponse automatique : lettre", "Je suis absente du bureau"),
    ("Absence du bureau", "De retour lundi"),
    ("Automatische Antwort: Brief", "Ich bin nicht im Büro"),
    ("Abwesenheitsnotiz", "Zurück am Montag"),
    ("Respuesta automática: boletín", "Estoy fuera de la oficina"),
    ("Risposta automatica: lettera", "Sono in ferie"),
    ("Автоответ: письмо", "Я в отпуске"),
    ("Automatic reply: digest", "I am away; write to salma@mujaz.example"),
    ("Out of Office: digest", "Delivery of my answers failed to be quick, sorry"),
    ("自動応答: digest", "不在です"),
]
"""(Subject, text) of what programs answer for people who are away."""
