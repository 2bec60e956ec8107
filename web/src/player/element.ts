type Child = Node | string | readonly Node[];

/** An element with its attributes and children, for the part of the page that is not Preact's: the embed page carries no framework. */
export function element(name: string, attributes: Readonly<Record<string, string>>, ...children: readonly Child[]): HTMLElement {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  for (const child of children) node.append(...(Array.isArray(child) ? child : [child as Node | string]));
  return node;
}
