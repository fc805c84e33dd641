/** Puts text on the system clipboard; false when the WebView does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/**
 * The same for a text that is still on its way: the WebView allows it only in the moment of the
 * click, so it is told at once that something comes. Fails as the text does.
 */
export async function copyWhenThere(text: Promise<string>): Promise<boolean> {
  const blob = text.then((there) => new Blob([there], { type: "text/plain" }));
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    return true;
  } catch {
    return copyText(await text);
  }
}

/** The old way, which WebKitGTK allows where it refuses the new one. */
function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  // Inside an open dialog, whose focus trap would take the focus back from outside of it.
  (focused?.closest("[role=dialog]") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
