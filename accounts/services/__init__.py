"""Who comes in, with which role, and with which token for a program."""

from accounts.services.factors import reset_colleague
from accounts.services.founding import Founded, found
from accounts.services.invitations import accept_invitation, invite, withdraw
from accounts.services.members import add_member, change_role, end_sessions, narrow, remove_member
from accounts.services.tokens import create_token, revoke_token

__all__ = [
    "Founded",
    "accept_invitation",
    "add_member",
    "change_role",
    "create_token",
    "end_sessions",
    "found",
    "invite",
    "narrow",
    "remove_member",
    "reset_colleague",
    "revoke_token",
    "withdraw",
]
