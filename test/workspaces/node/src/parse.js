const LINE = /^(?<host>\S+) \[(?<time>[^\]]+)\] "(?<method>[A-Z]+) (?<path>\S+)" (?<status>\d{3}) (?<bytes>\d+)$/;

/** @returns {{path: string, status: number, bytes: number} | undefined} nothing for a line of another shape */
export function parseLine(line) {
  const groups = LINE.exec(line)?.groups;
  return groups && { path: groups.path, status: Number(groups.status), bytes: Number(groups.bytes) };
}
