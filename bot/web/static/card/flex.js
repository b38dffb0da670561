// Draws Flex messages as LINE does: https://developers.line.biz/en/docs/messaging-api/flex-message-layout/

import { element, pressable } from "./elements.js";

const GAPS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const FONTS = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const SIDES = { start: "flex-start", center: "center", end: "flex-end", top: "flex-start", bottom: "flex-end" };

// A keyword in pixels; a length as it is; nothing for nothing.
const measure = (table, value) => (value === undefined ? "" : value in table ? `${table[value]}px` : value);

// The element of a Flex container. `press` is told of every action that somebody triggers in it.
export function drawFlex(container, press) {
  const bubbles = container.type === "carousel" ? container.contents : [container];
  const drawn = bubbles.map((bubble) => drawBubble(bubble, press));
  return element("div", container.type === "carousel" ? "flex-message carousel" : "flex-message", ...drawn);
}

function drawBubble(bubble, press) {
  const drawn = pressable("div", `flex-bubble ${bubble.size ?? "mega"}`, bubble.action, press);
  drawn.dir = bubble.direction ?? "ltr";
  for (const name of ["header", "hero", "body", "footer"]) {
    if (bubble[name]) drawn.append(drawBlock(name, bubble[name], bubble.styles?.[name] ?? {}, press));
  }
  return drawn;
}

function drawBlock(name, component, style, press) {
  const block = element("div", `block ${name}`, drawComponent(component, press));
  block.style.backgroundColor = style.backgroundColor ?? "";
  block.classList.toggle("separated", style.separator === true);
  block.style.borderColor = style.separatorColor ?? "";
  return block;
}

const COMPONENTS = { box: drawBox, text: drawText, button: drawButton, image: drawImage, icon: drawIcon, separator: drawSeparator,
  filler: () => element("div", "filler"), video: (video, press) => drawComponent(video.altContent, press) };

function drawComponent(component, press) {
  return COMPONENTS[component.type](component, press);
}

function drawBox(box, press) {
  const drawn = pressable("div", `box ${box.layout}`, box.action, press);
  for (const [index, child] of box.contents.entries()) {
    const part = drawComponent(child, press);
    place(part, child, box, index === 0);
    drawn.append(part);
  }
  paint(drawn.style, box);
  return drawn;
}

function paint(style, box) {
  for (const side of ["width", "maxWidth", "height", "maxHeight"]) style[side] = box[side] ?? "";
  const paddings = { paddingAll: "padding", paddingTop: "paddingTop", paddingBottom: "paddingBottom", paddingStart: "paddingInlineStart", paddingEnd: "paddingInlineEnd" };
  for (const [name, property] of Object.entries(paddings)) {
    if (box[name] !== undefined) style[property] = measure(GAPS, box[name]);
  }
  style.justifyContent = box.justifyContent ?? "";
  style.alignItems = box.alignItems ?? "";
  style.borderRadius = measure(GAPS, box.cornerRadius);
  style.borderWidth = measure(BORDERS, box.borderWidth);
  style.borderColor = box.borderColor ?? "";
  style.background = box.background ? gradient(box.background) : (box.backgroundColor ?? "");
}

function gradient({ angle, startColor, centerColor, centerPosition, endColor }) {
  const middle = centerColor ? `${centerColor} ${centerPosition ?? "50%"}, ` : "";
  return `linear-gradient(${angle}, ${startColor}, ${middle}${endColor})`;
}

// Where a child stands in its box: its share of the free space, the gap before it, its offsets.
function place(part, child, box, first) {
  const style = part.style;
  const vertical = box.layout === "vertical";
  style.flex = share(child, vertical);
  const gap = child.margin ?? (first || child.type === "filler" ? undefined : box.spacing);
  style[vertical ? "marginTop" : "marginInlineStart"] = measure(GAPS, gap);
  if (child.position === "absolute") style.position = "absolute";
  if (child.position || child.offsetTop || child.offsetBottom || child.offsetStart || child.offsetEnd) {
    style.position = child.position ?? "relative";
    style.top = measure(GAPS, child.offsetTop);
    style.bottom = measure(GAPS, child.offsetBottom);
    style.insetInlineStart = measure(GAPS, child.offsetStart);
    style.insetInlineEnd = measure(GAPS, child.offsetEnd);
  }
}

function share(child, vertical) {
  if (child.type === "filler") return `${child.flex ?? 1} 0 0`;
  if (child.type === "separator" || child.type === "icon" || child.flex === 0) return "none";
  if (vertical) return child.flex ? `${child.flex} 0 auto` : "none";
  return child.width && child.flex === undefined ? "none" : `${child.flex ?? 1} 0 0`;
}

function drawText(text, press) {
  const line = element("p", "");
  const drawn = pressable("div", "text", text.action, press);
  drawn.append(line);
  drawn.classList.toggle("wrap", text.wrap === true);
  if (text.contents?.length) line.append(...text.contents.map(drawSpan));
  else line.textContent = text.text;
  letter(drawn.style, text);
  drawn.style.justifyContent = SIDES[text.gravity] ?? "";
  line.style.textAlign = text.align ?? "";
  if (text.lineSpacing) line.style.lineHeight = `calc(1.4em + ${text.lineSpacing})`;
  if (text.maxLines) {
    drawn.classList.add("clamp");
    line.style.webkitLineClamp = text.maxLines;
  }
  return drawn;
}

function drawSpan(span) {
  const drawn = element("span", "");
  drawn.textContent = span.text;
  letter(drawn.style, span);
  return drawn;
}

function letter(style, text) {
  style.fontSize = measure(FONTS, text.size);
  style.color = text.color ?? "";
  style.fontWeight = text.weight === undefined ? "" : { regular: "400", bold: "700" }[text.weight];
  style.fontStyle = text.style ?? "";
  style.textDecoration = text.decoration ?? "";
}

function drawButton(button, press) {
  const face = pressable("button", "", button.action, press);
  const style = button.style ?? "link";
  const words = element("span", "");
  words.textContent = button.action.label;
  face.append(words);
  face.style[style === "link" ? "color" : "backgroundColor"] = button.color ?? "";
  const drawn = element("div", `button ${style} ${button.height ?? "md"}`, face);
  drawn.style.justifyContent = SIDES[button.gravity] ?? "";
  return drawn;
}

// Nothing is fetched from elsewhere: a picture is a grey field of its size.
function drawImage(image, press) {
  const field = pressable("div", "", image.action, press);
  field.textContent = "圖片";
  const [width, height] = (image.aspectRatio ?? "1:1").split(":");
  field.style.aspectRatio = `${width} / ${height}`;
  field.style.backgroundColor = image.backgroundColor ?? "";
  const keyword = /^[a-z0-9]+l$|^[a-z]+$/.test(image.size ?? "md");
  const drawn = element("div", keyword ? `picture size-${image.size ?? "md"}` : "picture", field);
  if (!keyword) field.style.width = image.size;
  drawn.style.alignItems = SIDES[image.align] ?? "";
  drawn.style.justifyContent = SIDES[image.gravity] ?? "";
  return drawn;
}

function drawIcon(icon) {
  const drawn = element("div", "icon");
  drawn.textContent = "◌";
  drawn.style.fontSize = measure(FONTS, icon.size);
  return drawn;
}

function drawSeparator(separator) {
  const drawn = element("div", "separator");
  drawn.style.backgroundColor = separator.color ?? "";
  return drawn;
}
