/**
 * Paints what is seen of the page onto a canvas: boxes, words, signs and charts, each where the browser has laid it out.
 * A page cannot photograph itself, and drawing it as an image inside an image is forbidden by its own security policy.
 */
export function paint(root: HTMLElement, scale = devicePixelRatio): HTMLCanvasElement {
  const area = { left: 0, top: 0, width: innerWidth, height: innerHeight };
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(area.width * scale);
  canvas.height = Math.round(area.height * scale);
  const ctx = canvas.getContext("2d");
  if (!ctx) return canvas;
  ctx.scale(scale, scale);
  ctx.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  ctx.fillRect(0, 0, area.width, area.height);
  paintElement(ctx, root, 1);
  return canvas;
}

function paintElement(ctx: CanvasRenderingContext2D, element: Element, opacity: number): void {
  const style = getComputedStyle(element);
  const alpha = opacity * Number(style.opacity);
  if (style.display === "none" || style.visibility === "hidden" || alpha === 0) return;
  const box = element.getBoundingClientRect();
  if (isHiddenFromSight(style, box)) return;
  ctx.globalAlpha = alpha;
  if (element instanceof SVGElement) {
    if (element instanceof SVGGeometryElement) paintShape(ctx, element, style);
    else if (element instanceof SVGTextContentElement) paintSvgText(ctx, element, style);
  } else {
    paintBox(ctx, box, style);
    if (element instanceof HTMLCanvasElement && element.width > 0) {
      ctx.drawImage(element, box.left, box.top, box.width, box.height);
    }
  }
  ctx.save();
  if (style.overflow !== "visible" && !(element instanceof SVGElement)) {
    ctx.beginPath();
    ctx.rect(box.left, box.top, box.width, box.height);
    ctx.clip();
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) paintElement(ctx, child, alpha);
    else if (child instanceof Text && !(element instanceof SVGElement)) paintText(ctx, child, style, alpha);
  }
  ctx.restore();
}

/** Words for readers of the screen are clipped to nothing. */
function isHiddenFromSight(style: CSSStyleDeclaration, box: DOMRect): boolean {
  return (style.clipPath !== "none" && box.width <= 1 && box.height <= 1) || box.bottom < 0 || box.top > innerHeight;
}

function paintBox(ctx: CanvasRenderingContext2D, box: DOMRect, style: CSSStyleDeclaration): void {
  const radius = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.width / 2, box.height / 2);
  ctx.beginPath();
  const corners = style.clipPath.startsWith("polygon(") ? style.clipPath.slice(8, -1).split(",") : [];
  if (corners.length === 0) ctx.roundRect(box.left, box.top, box.width, box.height, radius);
  for (const corner of corners) {
    const [x = 0, y = 0] = corner
      .trim()
      .split(" ")
      .map((share) => Number.parseFloat(share) / 100);
    ctx.lineTo(box.left + x * box.width, box.top + y * box.height);
  }
  ctx.fillStyle = style.backgroundColor;
  ctx.fill();
  for (const side of ["Top", "Right", "Bottom", "Left"] as const) {
    const width = Number.parseFloat(style[`border${side}Width`]);
    if (!width || style[`border${side}Style`] === "none") continue;
    ctx.save();
    ctx.clip();
    ctx.fillStyle = style[`border${side}Color`];
    const [x, y] = [side === "Right" ? box.right - width : box.left, side === "Bottom" ? box.bottom - width : box.top];
    const isAcross = side === "Top" || side === "Bottom";
    ctx.fillRect(x, y, isAcross ? box.width : width, isAcross ? width : box.height);
    ctx.restore();
  }
}

function paintShape(ctx: CanvasRenderingContext2D, shape: SVGGeometryElement, style: CSSStyleDeclaration): void {
  const matrix = shape.getScreenCTM();
  if (!matrix) return;
  const path = new Path2D(pathOf(shape));
  ctx.save();
  ctx.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f);
  if (style.fill !== "none") {
    ctx.globalAlpha *= Number(style.fillOpacity);
    ctx.fillStyle = style.fill;
    ctx.fill(path);
  }
  if (style.stroke !== "none") {
    ctx.globalAlpha *= Number(style.strokeOpacity);
    ctx.strokeStyle = style.stroke;
    ctx.lineWidth = Number.parseFloat(style.strokeWidth);
    ctx.lineCap = style.strokeLinecap as CanvasLineCap;
    ctx.lineJoin = style.strokeLinejoin as CanvasLineJoin;
    if (style.strokeDasharray !== "none") ctx.setLineDash(style.strokeDasharray.split(/[ ,]+/).map(Number.parseFloat));
    ctx.stroke(path);
  }
  ctx.restore();
}

/** The outline of a shape as a path. */
function pathOf(shape: SVGGeometryElement): string {
  const number = (name: string) => Number(shape.getAttribute(name) ?? 0);
  if (shape instanceof SVGCircleElement) {
    const [x, y, r] = [number("cx"), number("cy"), number("r")];
    return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  }
  if (shape instanceof SVGRectElement) {
    return `M${number("x")} ${number("y")}h${number("width")}v${number("height")}h${-number("width")}z`;
  }
  if (shape instanceof SVGLineElement) {
    return `M${number("x1")} ${number("y1")}L${number("x2")} ${number("y2")}`;
  }
  return shape.getAttribute("d") ?? `M${shape.getAttribute("points") ?? ""}`;
}

function paintSvgText(ctx: CanvasRenderingContext2D, text: SVGTextContentElement, style: CSSStyleDeclaration): void {
  const matrix = text.getScreenCTM();
  if (!matrix || text.getNumberOfChars() === 0) return;
  const start = text.getStartPositionOfChar(0);
  ctx.save();
  ctx.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f);
  ctx.font = style.font;
  ctx.fillStyle = style.fill;
  ctx.fillText(text.textContent ?? "", start.x, start.y);
  ctx.restore();
}

/** Words line by line, where the browser broke them. */
function paintText(ctx: CanvasRenderingContext2D, node: Text, style: CSSStyleDeclaration, alpha: number): void {
  if (!node.data.trim()) return;
  ctx.globalAlpha = alpha;
  ctx.font = style.font;
  ctx.fillStyle = style.color;
  ctx.textBaseline = "alphabetic";
  const metrics = ctx.measureText("x");
  const [ascent, descent] = [metrics.fontBoundingBoxAscent, metrics.fontBoundingBoxDescent];
  for (const { text, box } of lines(node)) {
    const shown = style.textTransform === "uppercase" ? text.toUpperCase() : text;
    ctx.fillText(shown, box.left, box.top + (box.height - ascent - descent) / 2 + ascent);
  }
}

function lines(node: Text): { text: string; box: DOMRect }[] {
  const range = document.createRange();
  const all: { text: string; box: DOMRect }[] = [];
  for (const match of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, match.index);
    range.setEnd(node, match.index + match[0].trimEnd().length);
    const box = range.getClientRects()[0];
    if (box) all.push({ text: match[0], box });
  }
  return all;
}
