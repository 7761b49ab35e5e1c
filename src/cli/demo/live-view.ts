// The demo while it runs: a screen that is drawn anew on a terminal, a line now and then where there is none.
import type { Site } from "../../config/load.ts";
import type { LiveClient } from "../../process/live-client.ts";
import { lineScreen } from "../line-screen.ts";

export interface LiveView {
  end(): void;
}

const SCREEN_EVERY_MS = 200;
const LINE_EVERY_MS = 5000;
const MAX_COLUMNS = 110;

export function liveView(o: { live: LiveClient; site: Site; title: string; screen: boolean }): LiveView {
  return o.screen ? screenView(o) : lineView(o);
}

function screenView(o: { live: LiveClient; site: Site; title: string }): LiveView {
  const { stdout } = process;
  stdout.write("\u001b[?25l\u001b[2J");
  // A person who ends it early gets the cursor back.
  const giveBack = (): void => void stdout.write("\u001b[?25h");
  process.once("exit", giveBack);
  const draw = (): void => {
    const state = o.live.newest()?.state;
    if (state === undefined) return;
    const columns = Math.max(60, Math.min(MAX_COLUMNS, stdout.columns ?? 80));
    const rows = Math.max(10, (stdout.rows ?? 40) - 1);
    const colour = !process.env["NO_COLOR"]; // https://no-color.org: set and not empty
    const lines = lineScreen(state, o.site.layout, { columns, rows, colour, title: o.title, footer: "Ctrl-C ends" });
    const shown = lines.slice(0, rows);
    stdout.write(`\u001b[H${shown.map((line) => `${line}\u001b[K`).join("\n")}\u001b[J`);
  };
  const timer = setInterval(draw, SCREEN_EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      draw();
      process.off("exit", giveBack);
      giveBack();
      stdout.write("\n");
    },
  };
}

function lineView(o: { live: LiveClient; title: string }): LiveView {
  process.stderr.write(`${o.title}\n`);
  const timer = setInterval(() => {
    const line = o.live.newest()?.state.line;
    if (line === undefined) return;
    const arrived = line.chutes.reduce((sum, chute) => sum + chute.arrived, 0);
    const riding = line.belts.reduce((sum, belt) => sum + belt.items.length, 0);
    process.stderr.write(`  ${arrived} arrived, ${riding} riding, ${line.alarms.length} alarms\n`);
  }, LINE_EVERY_MS);
  return { end: () => clearInterval(timer) };
}
