/** Trying a draft. */
export default {
  "trying.help": "Runs the draft as it is here, on the real clock, in a sandbox of its own: no client hears of it.",
  "trying.start": "Start",
  "trying.stop": "Stop",
  "trying.running": "Running…",
  "trying.stopped": "Stopped",
  "trying.idle": "Start it, and what it pushes is shown here as it comes.",
};
