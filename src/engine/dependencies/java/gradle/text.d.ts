/** Programs that travel into containers are files of their own; esbuild inlines them as text. */
declare module '*.gradle' {
  const text: string;
  // eslint-disable-next-line no-restricted-exports -- how esbuild's text loader hands a file over
  export default text;
}

declare module '*.java' {
  const text: string;
  // eslint-disable-next-line no-restricted-exports -- how esbuild's text loader hands a file over
  export default text;
}
