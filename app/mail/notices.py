"""What programs and companies add to everybody's words: "Sent from my telephone", banners, legal notices."""

from __future__ import annotations

from app.mail import phrases

SIGNATURE, FOOTER, DISCLAIMER = "signature", "footer", "disclaimer"
LONGEST_FOOTER = 160
LONGEST_OF_A_NAME = 55  # Longer lines are a notice that was broken, not a name and its telephone.
MOST_NOTICES, LONGEST_NOTICE = 12, 10_000
MOST_GAPS_IN_A_FOOTER = 2
OWN = (None, SIGNATURE)  # what is no quote, and nothing that a program added


def mark(texts: list[str], marks: list[str | None]) -> None:
    """Mark them among the lines that are the author's own so far."""
    _mark_footers(texts, marks)
    _mark_list_footers(texts, marks)
    _mark_banners(texts, marks)
    _mark_disclaimers(texts, marks)
    _mark_rules_above(texts, marks)


def _mark_rules_above(texts: list[str], marks: list[str | None]) -> None:
    """The rule by which a program sets a notice apart belongs to it."""
    above: int | None = None
    for index, text in enumerate(texts):
        if marks[index] == DISCLAIMER and above is not None and phrases.RULE.match(texts[above]):
            marks[above] = DISCLAIMER
        if text.strip():
            above = index if marks[index] is None else None


def _mark_footers(texts: list[str], marks: list[str | None]) -> None:
    """Lines by which a telephone or a program names itself, with its address below."""
    for index, text in enumerate(texts):
        goes_on = index > 0 and marks[index - 1] == FOOTER and phrases.AN_ADDRESS_ALONE.match(text)
        if marks[index] in (None, SIGNATURE) and (goes_on or _is_footer(text)):
            marks[index] = FOOTER


def _mark_list_footers(texts: list[str], marks: list[str | None]) -> None:
    """What programs of mailing lists put below all, from their rule on, unless the author goes on below it. The "-- "
    of a signature in which nothing but footers stand goes with them."""
    last = max((index for index, mark in enumerate(marks) if mark in OWN and texts[index].strip()), default=-1)
    first, gaps = last + 1, 0
    while first > 0 and gaps <= MOST_GAPS_IN_A_FOOTER and marks[first - 1] in OWN:
        first -= 1
        gaps += not texts[first].strip()
    for index in range(first, last + 1):
        rule = next((line for line in range(index - 1, max(index - 4, -1), -1) if _is_rule(texts[line])), None)
        if phrases.OF_A_LIST.match(texts[index]) or (
            rule is not None and phrases.BELOW_A_RULE_OF_A_LIST.search(texts[index])
        ):
            begin = index if rule is None else rule
            marks[begin : last + 1] = [FOOTER] * (last + 1 - begin)
            break
    for index, text in enumerate(texts):
        if (
            marks[index] == SIGNATURE
            and _is_rule(text)
            and {SIGNATURE, FOOTER}.isdisjoint(marks[max(index - 1, 0) : index])
        ):
            end = next(
                (line for line in range(index, len(texts)) if marks[line] not in (SIGNATURE, FOOTER)), len(texts)
            )
            if {marks[line] for line in range(index + 1, end) if texts[line].strip()} == {FOOTER}:
                marks[index:end] = [FOOTER] * (end - index)


def is_added(text: str) -> bool:
    """Whether a program of a telephone or of a mailing list wrote this line."""
    return _is_footer(text) or bool(phrases.OF_A_LIST.match(text))


def _is_rule(text: str) -> bool:
    return bool(phrases.RULE.match(text) or phrases.SIGNATURE_LINE.match(text))


def _is_footer(text: str) -> bool:
    return len(text) < LONGEST_FOOTER and bool(phrases.FOOTER.match(text)) and not phrases.A_SENTENCE.search(text)


def _mark_banners(texts: list[str], marks: list[str | None]) -> None:
    """What the reader's own gateway put above the letter, unless it is all that there is."""
    paragraphs = _paragraphs(texts, marks)
    if not paragraphs:
        return
    first, is_broken = paragraphs[0], False
    banner: list[int] = []
    for index in first:
        text = texts[index].strip()
        if not (is_broken or phrases.BANNER.match(text) or (banner and phrases.BANNER_GOES_ON.match(text))):
            break
        banner.append(index)
        is_broken = len(text) > LONGEST_OF_A_NAME and not text.endswith((".", "!", "]", ")"))
    if len(banner) < len(first) or len(paragraphs) > 1:
        for index in banner:
            marks[index] = DISCLAIMER


def _mark_disclaimers(texts: list[str], marks: list[str | None]) -> None:
    """Legal paragraphs at the end of what the author wrote; of the one below his name only what follows it."""
    for paragraph in _paragraphs(texts, marks)[: -MOST_NOTICES - 1 : -1]:
        lines = [texts[index] for index in paragraph]
        start = _start_of_notice(" ".join(lines))
        if start is None:
            return
        begin, length = 0, 0
        while length + len(lines[begin]) < start:
            length += len(lines[begin]) + 1
            begin += 1
        while begin and (len(lines[begin - 1]) > LONGEST_OF_A_NAME or phrases.ORNAMENT.match(lines[begin - 1])):
            begin -= 1
        if not any(marks[index] is None and texts[index].strip() for index in range(paragraph[begin])):
            return
        for index in paragraph[begin:]:
            marks[index] = DISCLAIMER
        if begin:
            return


def _start_of_notice(paragraph: str) -> int | None:
    """By a phrase that only notices have, or by several words of theirs where it speaks of itself and asks nothing."""
    if len(paragraph) > LONGEST_NOTICE:
        return None
    found = phrases.DISCLAIMER.search(paragraph)
    if found:
        return found.start()
    words = list(phrases.NOTICE_WORDS.finditer(paragraph))
    if len({word.group().lower() for word in words}) < phrases.FEWEST_NOTICE_WORDS or "?" in paragraph:
        return None
    itself = phrases.OF_ITSELF.search(paragraph)
    return min(itself.start(), words[0].start()) if itself else None


def _paragraphs(texts: list[str], marks: list[str | None]) -> list[list[int]]:
    """The lines of each paragraph that is the author's own so far."""
    paragraphs: list[list[int]] = [[]]
    for index, mark in enumerate(marks):
        if mark is None and texts[index].strip():
            paragraphs[-1].append(index)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [lines for lines in paragraphs if lines]
