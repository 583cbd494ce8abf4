// What the operator is told, as JSON lines: kinds of events, questions and request ids; nothing of anybody.

// A library's words are never told: the message of a JSON fault quotes the file, and the file is about children.
export function tell(event, particulars = {}) {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...particulars })}\n`);
}

export function kindOf(fault) {
  return typeof fault?.code === "string" ? fault.code : (fault?.constructor?.name ?? "unknown");
}
