"""String formats of Zod 4 as its JSON Schema export writes them: facts about Zod's output, which data must match."""

from __future__ import annotations

FORMATS: dict[str, dict[str, str]] = {
    "email": {
        "format": "email",
        "pattern": r"^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$",
    },
    "url": {
        "format": "uri",
    },
    "httpUrl": {
        "format": "uri",
    },
    "uuid": {
        "format": "uuid",
        "pattern": "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$",
    },
    "guid": {
        "format": "uuid",
        "pattern": "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$",
    },
    "datetime": {
        "format": "date-time",
        "pattern": r"^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z))$",
    },
    "date": {
        "format": "date",
        "pattern": r"^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))$",
    },
    "time": {
        "format": "time",
        "pattern": r"^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?$",
    },
    "duration": {
        "format": "duration",
        "pattern": r"^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$",
    },
    "ipv4": {
        "format": "ipv4",
        "pattern": r"^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$",
    },
    "ipv6": {
        "format": "ipv6",
        "pattern": "^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$",
    },
    "base64": {
        "format": "base64",
        "contentEncoding": "base64",
        "pattern": "^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$",
    },
    "base64url": {
        "format": "base64url",
        "contentEncoding": "base64url",
        "pattern": "^[A-Za-z0-9_-]*$",
    },
    "nanoid": {
        "format": "nanoid",
        "pattern": "^[a-zA-Z0-9_-]{21}$",
    },
    "cuid": {
        "format": "cuid",
        "pattern": r"^[cC][^\s-]{8,}$",
    },
    "cuid2": {
        "format": "cuid2",
        "pattern": "^[0-9a-z]+$",
    },
    "ulid": {
        "format": "ulid",
        "pattern": "^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$",
    },
    "emoji": {
        "format": "emoji",
        "pattern": r"^(\p{Extended_Pictographic}|\p{Emoji_Component})+$",
    },
    "e164": {
        "format": "e164",
        "pattern": r"^\+(?:[0-9]){6,14}[0-9]$",
    },
    "jwt": {
        "format": "jwt",
    },
    "hostname": {
        "format": "hostname",
        "pattern": r"^(?=.{1,253}\.?$)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-0-9a-zA-Z]{0,61}[0-9a-zA-Z])?)*\.?$",
    },
    "hex": {
        "format": "hex",
        "pattern": "^[0-9a-fA-F]*$",
    },
    "cidrv4": {
        "format": "cidrv4",
        "pattern": r"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\/([0-9]|[1-2][0-9]|3[0-2])$",
    },
    "xid": {
        "format": "xid",
        "pattern": "^[0-9a-vA-V]{20}$",
    },
    "ksuid": {
        "format": "ksuid",
        "pattern": "^[A-Za-z0-9]{27}$",
    },
    "uppercase": {
        "format": "uppercase",
        "pattern": "^[^a-z]*$",
    },
    "lowercase": {
        "format": "lowercase",
        "pattern": "^[^A-Z]*$",
    },
}
