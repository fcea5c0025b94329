import type { Import } from './source-files.js';

/**
 * A cycle for each group of files that import one another, as `a → b → a`. Groups are the strongly
 * connected components of the graph, after Tarjan.
 */
export function cyclesOf(imports: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  return componentsOf(targets).flatMap((component) => {
    const cycle = shortestCycle(component, targets);
    return cycle ? [cycle.join(' → ')] : [];
  });
}

type Graph = ReadonlyMap<string, readonly string[]>;

function componentsOf(targets: Graph): string[][] {
  const components: string[][] = [];
  const order = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();

  const visit = (file: string): number => {
    const number = order.size;
    let low = number;
    order.set(file, number);
    stack.push(file);
    open.add(file);
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (open.has(target)) low = Math.min(low, order.get(target) ?? low);
    }
    if (low === number) {
      const component = stack.splice(stack.lastIndexOf(file));
      for (const member of component) open.delete(member);
      components.push(component);
    }
    return low;
  };

  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return components;
}

/** A shortest way from the first file of the component back to itself. */
function shortestCycle(component: readonly string[], targets: Graph): string[] | undefined {
  const [start = ''] = component;
  const members = new Set(component);
  const seen = new Set<string>();
  let ways = [[start]];
  while (ways.length > 0) {
    const longer: string[][] = [];
    for (const way of ways)
      for (const target of targets.get(way.at(-1) ?? '') ?? []) {
        if (target === start) return [...way, target];
        if (!members.has(target) || seen.has(target)) continue;
        seen.add(target);
        longer.push([...way, target]);
      }
    ways = longer;
  }
  return undefined;
}
