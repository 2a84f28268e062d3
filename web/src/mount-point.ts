/** Where a page is drawn. */
export function mountPoint(): HTMLElement {
  const place = document.getElementById("app");
  if (!place) throw new Error("the page has no element #app");
  return place;
}
