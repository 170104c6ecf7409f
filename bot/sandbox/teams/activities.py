"""What Teams sends: activities in the shape of the Bot Framework, with all that the real ones carry besides."""

from typing import Any

from bot.sandbox.teams.tenant import Json, Member, Tenant


def activity(tenant: Tenant, member: Member, kind: str, *, conversation: str = "", **more: Any) -> Json:
    """In the private chat with the bot, or in `conversation`: a group's, or (`a:…`) that of two colleagues."""
    personal = conversation == "" or conversation.startswith("a:")
    whom: Json = {"id": member.id, "name": member.name}
    whom |= {"aadObjectId": member.aad} if member.aad else {}
    return {
        "type": kind,
        "id": f"f:{tenant.new_id()}",
        "timestamp": tenant.clock().isoformat(),
        "localTimezone": member.zone,
        "serviceUrl": tenant.service_url,
        "channelId": "msteams",
        "from": whom,
        "recipient": {"id": tenant.bot_id, "name": "Sopwith"},
        "conversation": {
            "id": conversation or member.chat,
            "conversationType": "personal" if personal else "groupChat",
            "tenantId": tenant.tenant_id,
        }
        | ({} if personal else {"isGroup": True}),
        "channelData": {"tenant": {"id": tenant.tenant_id}},
        "entities": [{"locale": "en-GB", "country": "GB", "platform": "Web", "type": "clientInfo"}],
        "locale": "en-GB",
    } | more


def invoke(tenant: Tenant, member: Member, name: str, value: Json, **more: Any) -> Json:
    return activity(tenant, member, "invoke", name=name, value=value, **more)


def removed(tenant: Tenant, member: Member) -> Json:
    """The app is taken away from somebody's Teams."""
    return activity(tenant, member, "installationUpdate", action="remove")


def installed(tenant: Tenant, member: Member) -> Json:
    """The app is added to somebody's Teams, by that person or by a policy."""
    added = [{"id": tenant.bot_id}]
    return activity(tenant, member, "conversationUpdate", membersAdded=added)
