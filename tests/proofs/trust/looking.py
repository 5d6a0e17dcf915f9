"""What can be measured of a page in a real browser for WCAG 2.2 AA. Each answers with what is wrong, in words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# 1280 × 1024 at 400 %.
ZOOMED = {"width": 320, "height": 256}
SPACED = (
    "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    "p{margin-bottom:2em!important}"
)
LEAST_TARGET = 24
# A date or an hour has a stop for each of its parts.
STOPS_INSIDE = 5

# Every stop of the keyboard, numbered in the order of the page; of a group of radio buttons one is enough.
STOPS = """() => {
  const groups = new Map(), found = [];
  const all = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]';
  for (const e of document.querySelectorAll(all)) {
    if (e.tabIndex < 0 || e.disabled || e.closest('[inert]')) continue;
    if (!e.checkVisibility({visibilityProperty: true})) continue;
    if (e.type === 'radio') {
      const key = `${[...document.forms].indexOf(e.form)} ${e.name}`;
      const first = groups.get(key);
      if (first) { e.dataset.stop = first.dataset.stop; continue; }
      groups.set(key, e);
    }
    e.dataset.stop = found.length;
    const inside = ['date', 'time', 'datetime-local'].includes(e.type);
    found.push({what: e.outerHTML.slice(0, 90), skip: e.classList.contains('skip'), inside});
  }
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
  return found;
}"""
# Where the focus is: which stop, whether it is drawn, whether anything lies over it.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'transparent' && !/^rgba.*, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const drawn = element => {
    if (!element) return false;
    const s = getComputedStyle(element), inside = parseFloat(s.outlineOffset) < 0;
    const ground = light(behind((!inside && element.parentElement) || element));
    const stands = colour => {
      const own = light(colour);
      return (Math.max(own, ground) + .05) / (Math.min(own, ground) + .05) >= 3;
    };
    const lined = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
    return lined && (stands(s.outlineColor) || (s.boxShadow !== 'none' && stands(s.boxShadow)));
  };
  const row = e.closest('label') || e;
  const box = [...row.getClientRects()].find(one => one.width && one.height) || row.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  let points = 0, hits = 0;
  for (const x of [.1, .5, .9]) for (const y of [.2, .5, .8]) {
    points += 1;
    if (right - left < 1 || bottom - top < 1) continue;
    const at = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
    if (at && (row === at || row.contains(at) || (at.contains(row) && !at.matches('.tabs, .foot, .toast')))) hits += 1;
  }
  return {
    stop: e.dataset.stop === undefined ? null : Number(e.dataset.stop),
    what: e.outerHTML.slice(0, 90),
    drawn: [e, e.closest('.choice'), e.nextElementSibling].some(drawn),
    seen: hits * 2 > points,
    inMain: !!e.closest('main'),
  };
}"""
# Sideways scrolling, texts past the edge, texts that are cut, scrolled parts no keyboard reaches.
FITS = """() => {
  const found = [], wide = document.documentElement.clientWidth;
  const over = document.documentElement.scrollWidth - wide;
  if (over > 0) found.push(`scrolls ${over} px sideways`);
  const named = e =>
    `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className} „${e.textContent.trim().slice(0, 40)}“`;
  const scroller = e => {
    for (let at = e.parentElement; at && at !== document.body; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return at;
    return null;
  };
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.closest('.vh, .skip, svg, option')) continue;
    const s = getComputedStyle(e);
    const cuts = /hidden|clip/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1 ||
      /hidden|clip/.test(s.overflowY) && e.scrollHeight > e.clientHeight + 1;
    if (cuts && e.clientWidth > 1) found.push(`cut: ${named(e)}`);
    if (/auto|scroll/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1 && !e.matches('textarea, input, select')) {
      if (!e.querySelector('table, svg')) found.push(`scrolls sideways by itself: ${named(e)}`);
      if (e.tabIndex < 0 && !e.querySelector('a[href], button')) found.push(`no key scrolls: ${named(e)}`);
    }
    const texts = [...e.childNodes].filter(n => n.nodeType === 3 && n.data.trim());
    if (!texts.length || scroller(e)) continue;
    const range = document.createRange();
    const rights = texts.flatMap(node => (range.selectNode(node), [...range.getClientRects()].map(r => r.right)));
    const past = Math.max(...rights) - wide;
    if (past > 1) found.push(`${Math.round(past)} px past the edge: ${named(e)}`);
  }
  return found;
}"""
SMALL = """least => [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
  .filter(e => e.checkVisibility() && !e.closest('.skip')).map(e => {
    const r = (e.closest('label') || e).getBoundingClientRect();
    return [r.width, r.height, e.outerHTML.slice(0, 80)];
  }).filter(([w, h]) => w > 1 && (w < least || h < least)).map(([w, h, what]) => `${w} × ${h} px: ${what}`)"""
MOVES = """() => {
  const found = document.getAnimations().map(a => `runs: ${a.animationName || a.transitionProperty || a.id}`);
  const seconds = text => Math.max(...text.split(',').map(parseFloat));
  for (const e of [document.documentElement, ...document.querySelectorAll('body, body *')])
    for (const part of [null, '::before', '::after']) {
      const s = getComputedStyle(e, part);
      const runs = s.animationName !== 'none' && seconds(s.animationDuration) > .01;
      if (runs) found.push(`${s.animationName}: ${e.className}`);
      if (seconds(s.transitionDuration) > .01) found.push(`fades: ${e.tagName} ${e.className}`);
      if (!part && s.scrollBehavior === 'smooth') found.push(`glides: ${e.tagName}`);
    }
  return found;
}"""
# Where colours are forced, what is told apart must differ in a line, a weight or a filling that stays.
FORCED = """() => {
  const found = [], probe = document.body.appendChild(document.createElement('i'));
  probe.style.background = 'Canvas';
  const canvas = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const form = (e, part) => {
    const s = getComputedStyle(e, part);
    const sides = ['Top', 'Right', 'Bottom', 'Left'];
    const lines = sides.map(side => `${s[`border${side}Style`]} ${s[`border${side}Width`]}`);
    const plain = [canvas, 'transparent'].includes(s.backgroundColor) || /^rgba.*, 0\\)$/.test(s.backgroundColor);
    const ground = plain ? '' : s.backgroundColor;
    const rest = [s.outlineStyle, s.outlineWidth, s.fontWeight, s.textDecorationLine, ground];
    return [...lines, ...rest].join('|');
  };
  const whole = e => {
    const words = e.querySelector(':scope > span');
    return [form(e), form(e, '::before'), words ? form(words) : ''].join(' ');
  };
  const apart = [
    ['.choice:has(:checked)', '.choice:not(:has(:checked))'],
    ['.seg label:has(:checked)', '.seg label:not(:has(:checked))'],
    ['nav [aria-current]', 'nav a:not([aria-current])'], ['.tag.wait', '.tag:not(.wait,.now,.end)'],
    ['.steps .on', '.steps .on ~ li'], ['[aria-selected=true]', '[aria-selected=false]'],
    ['.thread > .todo', '.thread > li:not(.todo)'],
  ];
  for (const [one, other] of apart) {
    const [a, b] = [document.querySelector(one), document.querySelector(other)];
    if (a && b && whole(a) === whole(b)) found.push(`${one} looks like ${other}`);
  }
  for (const e of document.querySelectorAll('.btn, button, input:not([type=hidden]), select, textarea')) {
    if (!e.checkVisibility() || e.matches('.seg input, [data-close]')) continue;
    const s = getComputedStyle(e);
    if (s.appearance === 'none' && (s.borderTopStyle === 'none' || parseFloat(s.borderTopWidth) < 1))
      found.push(`no edge: ${e.outerHTML.slice(0, 80)}`);
  }
  return found;
}"""


def keyboard(page: Page) -> list[str]:
    """Tab from the top to the end: everything is reached, in order, drawn and not covered; and it ends."""
    stops: list[dict[str, Any]] = page.evaluate(STOPS)
    found = [] if stops and stops[0]["skip"] else ["the way past the header is not the first stop"]
    reached: list[int] = []
    presses = len(stops) + STOPS_INSIDE * sum(stop["inside"] for stop in stops) + 8
    for _press in range(presses):
        page.keyboard.press("Tab")
        at: dict[str, Any] | None = page.evaluate(FOCUS)
        if at is None or (reached and at["stop"] == 0):
            break
        if at["stop"] is None or (reached and at["stop"] == reached[-1]):
            continue
        if reached and at["stop"] < reached[-1]:
            found.append(f"backwards to {at['what']}")
        reached.append(at["stop"])
        found += [f"the focus is not drawn: {at['what']}"] * (not at["drawn"])
        found += [f"the focus is covered: {at['what']}"] * (not at["seen"])
    else:
        found.append(f"the keyboard does not come out, last at {page.evaluate(FOCUS)}")
    return found + [f"no key reaches {stop['what']}" for at, stop in enumerate(stops) if at not in reached]


def past_the_header(page: Page) -> list[str]:
    """The first stop leads into the page: the next control is the first one there."""
    page.evaluate(STOPS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    at = page.evaluate(FOCUS)
    has_controls = page.locator("main").locator("a[href], button, input:not([type=hidden])").count()
    return ["the way past the header leads nowhere"] if has_controls and (at is None or not at["inMain"]) else []


def fits(page: Page, width: int = 0, height: int = 0) -> list[str]:
    """At this size (0: as it stands) everything can be read without scrolling sideways."""
    if width:
        page.set_viewport_size({"width": width, "height": height or 800})
    found: list[str] = page.evaluate(FITS)
    return found


def spaced(page: Page) -> list[str]:
    """Also with the spacing of success criterion 1.4.12. The page must not forbid foreign styles."""
    style = page.add_style_tag(content=SPACED)
    # Where a menu of one row slides by itself, it does so without the spacing too.
    found = [f"spaced: {one}" for one in fits(page) if not one.startswith("scrolls sideways by itself")]
    style.evaluate("style => style.remove()")
    return found


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SMALL, LEAST_TARGET)
    return found


def moving(page: Page) -> list[str]:
    """What moves although the person asked for less of it."""
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = page.evaluate(MOVES)
    return found


def alike_in_forced_colours(page: Page) -> list[str]:
    page.emulate_media(forced_colors="active")
    found: list[str] = page.evaluate(FORCED)
    page.emulate_media(forced_colors="none")
    return found
