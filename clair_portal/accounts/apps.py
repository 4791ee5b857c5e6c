from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "clair_portal.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from clair_portal.accounts import access, checks, moving, sign_in_log  # noqa: F401
        from clair_portal.audit import sentences
        from clair_portal.network.moving import register as on_succession
        from clair_portal.ui.navigation import Item, register

        sign_in_log.connect()
        sentences.declare(sign_in_log.SENTENCES)
        sentences.declare(
            {
                "accounts.invitation.made": _("%(actor)s invited %(name)s (%(email)s) to %(organisation)s as %(role)s"),
                "accounts.invitation.revoked": _("%(actor)s took back the invitation of %(name)s (%(email)s)"),
                "accounts.invitation.accepted": _("%(actor)s accepted the invitation to %(organisation)s"),
                "accounts.invitations.imported": _("%(actor)s invited %(count)s people to %(organisation)s by a sheet"),
                "accounts.posting.ended": _("%(actor)s ended the posting of %(name)s at %(organisation)s on %(day)s"),
                "accounts.sessions.ended": _("%(actor)s ended all sessions of %(name)s (%(count)s)"),
                "accounts.second_factor.forgotten": _(
                    "The operator removed the second factors of %(name)s: asked for by %(asked)s, identity checked by %(checked)s"
                ),
                "accounts.posting.handed_over": _(
                    "%(actor)s handed %(count)s open items of %(name)s over to %(successor)s"
                ),
                "accounts.posting.succeeded": _(
                    "%(actor)s let the posting of %(name)s go on at %(successor)s from %(day)s, after %(predecessor)s"
                ),
                "accounts.terms.changed": _(
                    "%(actor)s set the terms of postings: midnight of %(zone)s, %(weeks)s weeks for the handover"
                ),
                "accounts.access.ended": _(
                    "The access of %(name)s ended with the posting: %(sessions)s sessions, %(tokens)s API tokens"
                ),
                "accounts.token.made": _("%(actor)s made the API token “%(label)s” (%(scopes)s) until %(day)s"),
                "accounts.token.revoked": _("%(actor)s revoked the API token “%(label)s”"),
                "accounts.signed_link.made": _("%(actor)s made a link for %(recipient)s (%(purpose)s) until %(day)s"),
                "accounts.signed_link.used": _("A link was used: %(purpose)s"),
                "accounts.signed_link.revoked": _("%(actor)s revoked the link of %(recipient)s (%(purpose)s)"),
                "accounts.settings.changed": _("%(actor)s changed the settings"),
            }
        )
        on_succession("accounts.postings", moving.move_postings, label=_("Postings"), ahead=True)
        on_succession("accounts.secondments", moving.move_secondments, label=_("People sent to other organisations"))
        on_succession("accounts.invitations", moving.move_invitations, label=_("Open invitations"))
        on_succession("accounts.links", moving.move_links, label=_("Open links without an account"))
        register(
            Item(_("Invitations"), "invitations", "mail", 40, "tools", right="organisation.administer"),
            Item(_("Postings"), "postings", "user", 50, "tools", right="organisation.administer"),
        )
