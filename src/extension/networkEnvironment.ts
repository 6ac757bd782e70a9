/** The settings under `jhansi.network`, and VS Code's own proxy. Values as a user may have written them. */
export interface NetworkSettings {
  extraCertificates?: readonly string[];
  registries?: Readonly<Record<string, string>>;
  registryHosts?: readonly string[];
  registryAliases?: Readonly<Record<string, string>>;
  credentials?: readonly string[];
  proxy?: string;
}

/**
 * The environment to start a runner in: what the settings say about the way to package registries goes to it as the variables that it
 * reads. What the environment has already, a setting replaces; the proxy is the exception, as for VS Code itself.
 */
export function networkEnvironment(settings: NetworkSettings, env: NodeJS.ProcessEnv, delimiter: string): NodeJS.ProcessEnv {
  const pairs = (record: Readonly<Record<string, string>> = {}) => Object.entries(record).filter(([, value]) => value !== '').map(([name, value]) => `${name}=${value}`).join(' ');
  const wanted: Record<string, string> = {
    PETRI_EXTRA_CA: (settings.extraCertificates ?? []).join(delimiter),
    PETRI_REGISTRIES: pairs(settings.registries), PETRI_REGISTRY_HOSTS: (settings.registryHosts ?? []).join(','),
    PETRI_REGISTRY_ALIASES: pairs(settings.registryAliases), PETRI_REGISTRY_CREDENTIALS: (settings.credentials ?? []).join(','),
  };
  const set = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''));
  const proxied = settings.proxy && !env['HTTPS_PROXY'] && !env['https_proxy'] ? { HTTPS_PROXY: settings.proxy } : {};
  return { ...env, ...set, ...proxied };
}
