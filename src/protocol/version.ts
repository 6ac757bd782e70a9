/** Version of the letterbox. A client and a runner that differ in it do not talk: the older runner drains and leaves. */
export const PROTOCOL_VERSION = 1;
