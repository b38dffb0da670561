// What the page asks of the platform, and what it hears from it.

export async function act(name, what) {
  const headers = { "Content-Type": "application/json" };
  return answer(fetch(`/_sim/do/${name}`, { method: "POST", headers, body: JSON.stringify(what) }));
}

export async function sendFile(chat, user, file) {
  const path = [chat, user, file.name].map(encodeURIComponent).join("/");
  return answer(fetch(`/_sim/file/${path}`, { method: "POST", headers: { "X-Requested-With": "page" }, body: file }));
}

async function answer(asked) {
  try {
    return await (await asked).json();
  } catch {
    return { problem: "模擬器沒有回應" };
  }
}

// All chats as the platform told them, kept up to date. `changed(ids)` is called after news; ids null: everything is new.
export class Store {
  constructor(changed) {
    this.state = null;
    this.chats = new Map();
    this.bubbles = new Map();
    const source = new EventSource("/_sim/stream");
    source.onmessage = ({ data }) => this.hear(JSON.parse(data), changed);
  }

  hear({ fresh, bubbles, state }, changed) {
    if (fresh) {
      this.chats.clear();
      this.bubbles.clear();
    }
    this.state = state;
    for (const bubble of bubbles) this.keep(bubble);
    changed(fresh ? null : new Set(bubbles.map(({ id }) => id)), bubbles);
  }

  keep(bubble) {
    if (!this.chats.has(bubble.chat)) this.chats.set(bubble.chat, new Set());
    this.chats.get(bubble.chat).add(bubble.id);
    this.bubbles.set(bubble.id, bubble);
  }

  chat(id) {
    return [...(this.chats.get(id) ?? [])].map((bubble) => this.bubbles.get(bubble));
  }

  bubble(id) {
    return this.bubbles.get(id);
  }

  name(person) {
    return this.state.persons.find(({ id }) => id === person)?.name;
  }
}
