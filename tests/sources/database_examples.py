"""Made-up rows of the three event databases, in their real layouts."""

GDELT_CODES = {"id": 0, "day": 1, "actor": 7, "recipient": 17, "code": 26}


def gdelt(
    code: str = "040",
    actor: str = "USA",
    recipient: str = "RUS",
    day: str = "20250218",
    *,
    event: str = "1234567890",
    added: str = "20250218120000",
    width: int = 61,
    actor_code: str = "",
) -> str:
    cells = [""] * width
    cells[0], cells[1], cells[26], cells[-1] = event, day, code, "https://example.org/a"
    cells[5], cells[6], cells[7] = actor_code or f"{actor}GOV", "GOVERNMENT", actor
    cells[15], cells[16], cells[17] = f"{recipient}GOV", "GOVERNMENT", recipient
    cells[{61: 59, 58: 56, 57: 56}.get(width, width - 2)] = added if width == 61 else added[:8]
    return "\t".join(cells)


ICEWS_HEADER = "\t".join(
    [
        "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
        "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher",
        "City", "District", "Province", "Country", "Latitude", "Longitude",
    ]
)  # fmt: skip


def icews(
    code: str = "040",
    source: str = "United States",
    target: str = "Russian Federation",
    day: str = "2018-06-01",
    *,
    event: str = "32889836",
    by: str = "",
    toward: str = "",
) -> str:
    who, whom = by or f"Foreign Affairs ({source})", toward or f"Foreign Affairs ({target})"
    return "\t".join(
        [event, day, who, "", source, "Consult", code, "1", whom, "", target, "47400351", "2", "News", *[""] * 6]
    )


POLECAT_HEADER = "\t".join(
    [
        "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
        "Actor Country", "Actor COW", "Recipient Name", "Recipient Country", "Recipient COW", "Country",
    ]
)  # fmt: skip


def polecat(
    kind: str = "CONSULT",
    mode: str = "visit",
    actor: str = "USA",
    recipient: str = "RUS",
    day: str = "2023-03-01",
    *,
    event: str = "20230301-1-2_CONSULT_visit",
) -> str:
    return "\t".join(
        [event, day, kind, mode, "4.0", "VERBAL COOPERATION", "diplomatic", f"{actor} gov", actor, "2",
         f"{recipient} gov", recipient, "365", "USA"]
    )  # fmt: skip


HEADERS = {"gdelt": None, "icews": ICEWS_HEADER, "polecat": POLECAT_HEADER}
ROWS = {"gdelt": gdelt, "icews": icews, "polecat": polecat}


def table(kind: str, *rows: str) -> str:
    header = HEADERS[kind]
    return "\n".join([*([header] if header else []), *rows]) + "\n"
