/** Counts, all in one line, until it finds a file `enough`; its exit code is 5. */
export const SLOW = 'import itertools, os, sys, time\nfor n in itertools.count():\n    print(n, end=" ", flush=True)\n    if os.path.exists("enough"): sys.exit(5)\n    time.sleep(0.1)\n';
