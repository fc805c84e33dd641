/** A page with every picture: a line for each screen and state, a column for each variant. */
export function index(names: string[]): string {
  const lines = new Map<string, string[]>();
  for (const name of names.sort()) {
    const screen = name.replace(/-(light|dark)-[^-]+(-CN)?\.png$/, "");
    lines.set(screen, [...(lines.get(screen) ?? []), name]);
  }
  const body = [...lines].map(
    ([screen, pictures]) =>
      `<h2>${screen}</h2><p>${pictures.map((name) => `<a href="${name}"><img src="${name}" alt="${name}" loading="lazy"></a>`).join("")}</p>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Partway: every screen</title>
<style>body{font:14px system-ui;margin:2rem}p{display:flex;gap:8px;overflow-x:auto}img{width:400px;border:1px solid #8888}</style>
${body.join("\n")}
`;
}
