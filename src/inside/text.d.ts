/** Scripts that travel into containers are files of their own; esbuild inlines them as text. */
declare module '*.sh' {
  const text: string;
  export default text;
}
