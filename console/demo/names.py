"""Invented people: names put together from tables, phones from ranges that belong to nobody."""

from collections.abc import Iterator
from random import Random

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
_GIVEN = (
    "子涵 雨桐 浩然 思远 欣怡 梓萱 俊杰 志强 晓燕 海燕 佳宁 一诺 文博 明轩 若曦 静怡 建国 丽华 雪梅 家豪 "
    "天宇 芷若 秋实 立群 婉清 景行 慧敏 亦凡 书瑶 凯文 乐天 诗涵 嘉怡 振华 春晓 敏 磊 洋 静 鹏 颖 超 楠 倩 昊"
)
_FIRST = (
    "Ava Noah Mia Liam Zoe Ethan Maya Lucas Nora Owen Priya Diego Hannah Samuel Grace Jonah Elena Marcus "
    "Chloe Victor Amara Theo Isabel Rohan Julia Felix Naomi Caleb Sofia Adrian"
)
_LAST = (
    "Bennett Alvarez Cohen Nguyen Patel Russo Brooks Okafor Fischer Delgado Kim Hayes Moreau Sullivan Ortiz "
    "Walsh Banerjee Carter Lindqvist Romano Foster Haddad Novak Pierce Quinn Reyes Sato Turner Vance Whitman"
)


def chinese(luck: Random) -> Iterator[str]:
    """Different Chinese names, without end for our numbers (40 × 45)."""
    yield from _shuffled(luck, [surname + given for surname in _SURNAMES for given in _GIVEN.split()])


def english(luck: Random) -> Iterator[str]:
    """Different English names (30 × 30)."""
    yield from _shuffled(luck, [f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()])


def chinese_phone(number: int) -> str:
    """A mobile of a block that is not given out; ``number`` below 10,000."""
    return f"1380000{number:04d}"


def english_phone(number: int) -> str:
    """A New York number of the range kept for fiction (555-0100 to 555-0199); ``number`` below 100."""
    return f"+12125550{100 + number}"


def _shuffled(luck: Random, names: list[str]) -> list[str]:
    luck.shuffle(names)
    return names
