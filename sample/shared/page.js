/** Connects to the server of the sample, and shows the state of the connection in `#state`. */
export async function connect(more = {}) {
  const { key, options } = await getJson('/config');
  const pusher = new window.Pusher(key, { ...options, ...more });
  const shown = document.querySelector('#state');
  pusher.connection.bind('state_change', ({ current }) => {
    shown.textContent = current;
    shown.classList.toggle('connected', current === 'connected');
  });
  return pusher;
}

export async function getJson(path) {
  return (await fetch(path)).json();
}

export function postJson(path, body, headers = {}) {
  return fetch(path, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** A new element with text and other elements in it. Text is shown as it is, never read as HTML. */
export function element(tag, ...content) {
  const made = document.createElement(tag);
  made.append(...content);
  return made;
}

export function button(text, press) {
  const made = element('button', text);
  made.addEventListener('click', press);
  return made;
}
