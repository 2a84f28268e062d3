/** So many pixels at the usual size of letters, in those of this screen: canvases grow with the words around them. */
export function rem(pixels: number): number {
  return (pixels * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16;
}
