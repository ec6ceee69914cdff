// Paints peers that are too many for cards: dots with a ring that fills with pieces, told apart by shape, not by colour alone (a seeder is
// filled, a foreign one dashed, a hostile one has a cross, one that left is hollow and faint). Painted with the links.

import type { Tokens } from '../../ui/canvas/tokens';
import type { PeerNode, SwarmLayout } from './layout';
import type { PeerFace } from './peers';

export type PeerContext = Pick<
  CanvasRenderingContext2D,
  'beginPath' | 'arc' | 'fill' | 'stroke' | 'moveTo' | 'lineTo' | 'fillText' | 'setLineDash' | 'strokeStyle' | 'fillStyle' | 'lineWidth' | 'globalAlpha' | 'font' | 'textAlign' | 'textBaseline'
>;

/** Radius from which on the name fits into a dot; peers up to which it stands outside of one that is smaller. */
const NAME_INSIDE = 9;
const MOST_NAMES = 60;
const NONE: number[] = [];

export function drawPeers(context: PeerContext, layout: SwarmLayout, faces: readonly PeerFace[], tokens: Tokens): void {
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const face of faces) {
    const node = layout.nodes[face.peer];
    if (node !== undefined) drawPeer(context, layout, node, face, tokens);
  }
  context.globalAlpha = 1;
  context.setLineDash(NONE);
}

function drawPeer(context: PeerContext, layout: SwarmLayout, { x, y, hw: r }: PeerNode, face: PeerFace, { colour, font, scale }: Tokens): void {
  context.globalAlpha = face.kind === 'later' ? 0.35 : face.kind === 'gone' ? 0.55 : 1;
  context.fillStyle = face.kind === 'seeder' ? colour.app : colour.panel;
  context.setLineDash(NONE);
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.fill();
  context.lineWidth = 1.2;
  context.strokeStyle = face.kind === 'hostile' ? colour.bad : colour['line-strong'];
  context.setLineDash(face.foreign || face.kind === 'later' || face.kind === 'gone' ? [2, 2] : NONE);
  context.stroke();
  context.setLineDash(NONE);
  if (face.share > 0 && face.kind !== 'seeder') {
    context.lineWidth = Math.max(2, r * 0.24);
    context.strokeStyle = colour.app;
    context.beginPath();
    context.arc(x, y, r - context.lineWidth / 2, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * face.share);
    context.stroke();
  }
  if (face.kind === 'hostile' || face.kind === 'gone') {
    const reach = r * 0.5;
    context.strokeStyle = face.kind === 'hostile' ? colour.bad : colour.mute;
    context.lineWidth = 1.8;
    context.beginPath();
    context.moveTo(x - reach, y - reach);
    context.lineTo(x + reach, y + reach);
    context.moveTo(x + reach, y - reach);
    context.lineTo(x - reach, y + reach);
    context.stroke();
    return;
  }
  const inside = r >= NAME_INSIDE * scale;
  if (!inside && layout.nodes.length > MOST_NAMES) return;
  context.font = `600 ${(inside ? Math.min(11, r) : 10.5) * (inside ? 1 : scale)}px ${font}`;
  context.fillStyle = inside && face.kind === 'seeder' ? colour.bg : colour.ink2;
  const [dx, dy] = [x - layout.width / 2, y - layout.height / 2];
  const out = inside ? 0 : (r + 8 * scale) / (Math.hypot(dx, dy) || 1);
  context.fillText(face.short, x + dx * out, y + dy * out + 0.5);
}
