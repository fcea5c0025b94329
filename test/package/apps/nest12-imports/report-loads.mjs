/** Runs in the thread in which Node loads modules. */
let reports;

export function initialize({ port }) {
  reports = port;
}

export async function load(url, context, nextLoad) {
  reports.postMessage(url);
  return nextLoad(url, context);
}
