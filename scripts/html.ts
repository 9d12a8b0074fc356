/** Text as a page shows it, in an element or in an attribute. */
export function escaped(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[each]!,
  );
}
