from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "clair_portal.casework"
    label = "casework"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from clair_portal.accounts import handover, handover_pack
        from clair_portal.audit import queries, sentences
        from clair_portal.casework import (
            access,
            approval_panel,
            bulk_kinds,
            case_list,
            checklist,
            handover_panels,
            list_file,
            saved_views,
            search_access,
            search_pages,
            services,
            succession,
            task_list,
        )
        from clair_portal.casework.enums import Side
        from clair_portal.casework.mail import spool
        from clair_portal.network import moving
        from clair_portal.outbox import notices, schedule
        from clair_portal.ui.navigation import Item, register
        from clair_portal.walls.roles import HEADQUARTERS, MEMBER, OFFICE

        moving.register("casework.cases", succession.move_cases, label=_("Open cases"))
        handover.register(
            "casework.cases", services.hand_over_cases, label=_("Open cases"), waiting=services.open_cases_of
        )
        handover.register(
            "casework.tasks", checklist.hand_over_tasks, label=_("Open tasks"), waiting=services.open_tasks_of
        )
        handover.register("casework.views", saved_views.hand_over, label=_("Saved views"), waiting=saved_views.waiting)
        handover_pack.register(
            "casework.open",
            _("Cases in charge"),
            handover_panels.open_cases,
            order=10,
            nothing=_("No case is in charge."),
        )
        handover_pack.register(
            "casework.tasks", _("Tasks"), handover_panels.open_tasks, order=15, nothing=_("No task is open.")
        )
        handover_pack.register(
            "casework.finished", _("Finished this year"), handover_panels.finished_cases, order=90,
            nothing=_("Nothing was finished this fiscal year."),
        )  # fmt: skip
        handover_pack.register_dates("casework.dates", handover_panels.dates)
        register(Item(_("Overview"), "overview", "chart", 20, "desk", right="cases.manage"))
        register(Item(_("Tasks"), "tasks", "check", 15, "desk"))
        register(Item(_("How cases travel"), "workflows", "help", 90, section="tools"))
        schedule.register("casework.mail_in", spool.take_in, every=20)
        assert access
        assert approval_panel
        assert bulk_kinds
        assert case_list.CASES
        assert task_list.TASKS
        assert search_access
        assert search_pages
        assert list_file.JOB  # workers must know the job as well
        queries.SIDES |= {
            MEMBER: str(Side.APPLICANT),
            OFFICE: str(Side.OFFICE),
            HEADQUARTERS: str(Side.HEADQUARTERS),
        }
        sentences.declare(
            {
                "casework.case.drafted": _("%(actor)s began a draft: %(title)s"),
                "casework.case.thrown_away": _("%(actor)s threw away the draft: %(title)s"),
                "casework.kind.changed": _("%(actor)s set new terms for %(kind)s, valid from %(day)s."),
                "casework.case.corrected": _("%(actor)s corrected what the case is about: %(title)s"),
                "casework.case.taken_on": _("%(actor)s took charge of the case."),
                "casework.case.handed_over": _("%(actor)s handed the case over to %(successor)s."),
                "casework.case.succeeded": _(
                    "%(actor)s moved the case from %(predecessor)s to its successor %(successor)s."
                ),
                "casework.note.written": _("%(actor)s wrote a message."),
                "casework.mail.landed": _("A mail of %(actor)s arrived."),
                "casework.deadline.extended": _("%(actor)s extended the deadline to %(due)s. Reason: %(reason)s"),
                "casework.case.assigned": _("%(actor)s put %(colleague)s in charge of the case."),
                "casework.case.given_back": _("%(actor)s took back a change of who is in charge."),
                "casework.bulk.done": _("%(actor)s did this for %(count)s rows of a list: %(action)s."),
                "casework.bulk.undone": _("%(actor)s took back an action on %(count)s rows of a list: %(action)s."),
                "casework.task.added": _("%(actor)s added the task “%(title)s”."),
                "casework.task.changed": _("%(actor)s changed the task “%(title)s”."),
                "casework.task.removed": _("%(actor)s took back the task “%(title)s”."),
                "casework.task.finished": _("%(actor)s finished the task “%(title)s”."),
                "casework.task.taken_up": _("%(actor)s took the task “%(title)s” up again."),
                "casework.file.added": _("%(actor)s added the paper %(name)s."),
                "casework.file.read": _("%(actor)s downloaded the paper %(name)s."),
            }
        )
        notices.declare(
            {
                "casework.bulk.given": notices.Notice(
                    _("You are in charge of more cases"), _("%(actor)s put you in charge of %(count)s cases.")
                ),
                "casework.deadline.near": notices.Notice(
                    _("Due soon: %(title)s"), _("%(number)s is due on %(due)s. It waits for you.")
                ),
                "casework.deadline.passed": notices.Notice(
                    _("Overdue: %(title)s"), _("%(number)s was due on %(due)s and still waits.")
                ),
                "casework.deadline.extended": notices.Notice(
                    _("New deadline for %(number)s: %(title)s"),
                    _("%(actor)s extended the deadline to %(due)s.\n\nReason: %(reason)s"),
                ),
                "casework.mail.landed": notices.Notice(
                    _("Mail on %(number)s: %(title)s"), _("%(sender)s wrote a mail: %(subject)s")
                ),
                "casework.mail.refused": notices.Notice(
                    _("A mail did not reach %(number)s"),
                    _(
                        "%(sender)s sent the mail “%(subject)s” to your address for %(number)s. It was not put on the case, "
                        "because your organisation is no longer on it. If it still matters, send it to headquarters."
                    ),
                ),
                "casework.note.written": notices.Notice(
                    _("Message on %(number)s: %(title)s"), _("%(actor)s wrote:\n\n%(body)s")
                ),
            }
        )
