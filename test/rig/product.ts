// The parts of Petri that its rig uses too, bundled by product.mjs: one way to find an engine, one way to name an image.
export { dockerEngine } from '../../src/runner/docker/dockerEngine';
export { ownSurroundings } from '../../src/runner/docker/endpoints/surroundings';
export { BundledImages } from '../../src/runner/images/bundledImages';
export { LANGUAGES } from '../../src/protocol/sandbox';
