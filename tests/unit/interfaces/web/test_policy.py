"""The content security policy and the oldest browser, checked on the files themselves."""

import re
from pathlib import Path

import pytest

from metercash.interfaces import console, portal, web


ROOMS = [Path(str(room.__file__)).parent for room in (web, console, portal)]
TEMPLATES = [path for room in ROOMS for path in sorted(room.rglob("templates/**/*.html"))]
SHEETS = [path for room in ROOMS for path in sorted(room.rglob("static/**/*.css"))]
SCRIPTS = [path for room in ROOMS for path in sorted(room.rglob("static/**/*.js"))]
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE)
STYLE = re.compile(r"<style|\sstyle=", re.IGNORECASE)
TOO_NEW = re.compile(r"color-mix\(|oklch\(|@layer\b|@container\b")
MONEY_ARITHMETIC = re.compile(r"_fen\s*\|\s*(add|floatformat|divisibleby)")


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_hold_nothing_the_policy_forbids(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert STYLE.search(text) is None
        assert HANDLER.search(text) is None
        assert INLINE_SCRIPT.search(text) is None

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_do_no_arithmetic_on_money(self, path: Path) -> None:
        assert MONEY_ARITHMETIC.search(path.read_text(encoding="utf-8")) is None


class TestSheets:
    @pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
    def test_suit_the_oldest_browser(self, path: Path) -> None:
        assert TOO_NEW.search(path.read_text(encoding="utf-8")) is None


class TestVendor:
    @pytest.mark.parametrize("name", ["htmx", "bootstrap", "echarts", "tabler-icons"])
    def test_keeps_licence_texts(self, name: str) -> None:
        assert (ROOMS[0] / f"static/web/vendor/{name}.LICENSE.txt").stat().st_size > 500


class TestIcons:
    def test_used_are_in_the_sprite(self) -> None:
        sprite = (ROOMS[0] / "static/web/icons/sprite.svg").read_text(encoding="utf-8")
        known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
        used = {
            name
            for path in TEMPLATES
            for name in re.findall(r'\{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
        }
        assert used - known == set()
