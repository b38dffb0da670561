"""Draw the pictures of the rich menus with Chromium: `python -m bot.dev.draw_menus`."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.line import menus
from bot.line.menus import COLUMNS, HEIGHT, MENUS, TAB_HEIGHT, WIDTH, RichMenu
from bot.messages.flex import ACCENT, CARD, INK, MUTED, TINT

STYLE = f"""
*{{box-sizing:border-box;margin:0}} body{{width:{WIDTH}px;height:{HEIGHT}px;background:{TINT};color:{INK};
font-family:"Noto Sans CJK TC",sans-serif;display:flex;flex-direction:column}}
nav{{display:flex;height:{TAB_HEIGHT}px;flex:none}} nav b{{flex:1;display:grid;place-items:center;font-size:84px;color:{MUTED}}}
nav b.on{{background:{CARD};color:{ACCENT};border-bottom:12px solid {ACCENT}}}
main{{flex:1;display:grid;grid-template-columns:repeat({COLUMNS},1fr)}}
div{{background:{CARD};margin:14px;border-radius:40px;display:flex;flex-direction:column;justify-content:center;align-items:center;gap:36px}}
strong{{font-size:128px;color:{ACCENT}}} span{{font-size:62px;color:{MUTED}}}
"""


def page(menu: RichMenu) -> str:
    tabs = "".join(f"<b class={'on' if name == menu.name else ''}>{escape(label)}</b>" for label, name in menu.tabs)
    nav = f"<nav>{tabs}</nav>" if tabs else ""
    tiles = "".join(f"<div><strong>{escape(t.label)}</strong><span>{escape(t.about)}</span></div>" for t in menu.tiles)
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body>{nav}<main>{tiles}</main>"


def main() -> None:
    """Write one picture for each menu beside its definition."""
    folder = Path(menus.__file__).parent
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for menu in MENUS:
            tab.set_content(page(menu))
            tab.screenshot(path=folder / f"{menu.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
