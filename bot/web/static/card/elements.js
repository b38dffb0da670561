// Small helpers to make elements, links and things that can be pressed.

export function element(tag, classes, ...children) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

// An element that triggers an action, if there is one: a real link, a real button, or a box that behaves like one.
export function pressable(tag, classes, action, press) {
  if (!action) return element(tag, classes);
  if (action.type === "uri" && !staysInLine(action.uri)) return link(action.uri, classes, action.label);
  const made = element(tag, classes);
  made.dataset.action = action.type;
  if (tag === "button") made.type = "button";
  else {
    made.tabIndex = 0;
    made.setAttribute("role", "button");
    if (action.label) made.setAttribute("aria-label", action.label);
    made.addEventListener("keydown", (event) => event.key === "Enter" && event.target === made && made.click());
  }
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    press(action);
  });
  return made;
}

export function link(uri, classes, title) {
  const made = element("a", classes);
  made.href = uri;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  if (title) made.title = title;
  made.addEventListener("click", (event) => event.stopPropagation());
  return made;
}

// line.me and line:// open something inside LINE, which is not here.
export function staysInLine(uri) {
  return !/^https?:/.test(uri) || new URL(uri).hostname === "line.me";
}

// What such a link would put into a chat.
export function sharedText(uri) {
  const [, query = ""] = uri.split("?");
  return decodeURIComponent(query.replace(/^text=/, "").replaceAll("+", " ")) || uri;
}
