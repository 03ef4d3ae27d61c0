import { type ContainerModel, type NetworkModel, type PictureModel, portLines, stateWords } from "./model";
import styles from "./picture.module.css";

/** The picture in words, with all that the drawing says. */
export function PictureText({ model }: { readonly model: PictureModel }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className={styles.text} tabIndex={0} role="region" aria-label="The network in words">
      {model.hosts.map((host) => (
        <section key={host.name}>
          <h3>{host.name}</h3>
          <p>
            {host.uplink ? (
              <>
                Way out: <code>{host.uplink.link}</code> with <code>{host.uplink.address}</code>, by gateway{" "}
                <code>{host.uplink.gateway}</code>.
              </>
            ) : (
              "No way out."
            )}
          </p>
          <ul>
            {host.networks.map((network) => (
              <Network key={network.id} network={network} containers={host.containers} />
            ))}
          </ul>
          <h3>Containers</h3>
          {host.containers.length === 0 ? (
            <p>None yet.</p>
          ) : (
            <ul>
              {host.containers.map((container) => (
                <Container key={container.id} container={container} />
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

function Network({ network, containers }: { readonly network: NetworkModel; readonly containers: readonly ContainerModel[] }) {
  const members = containers.filter(({ attachments }) => attachments.some((attachment) => attachment.network === network.id));
  return (
    <li>
      Network <strong>{network.name}</strong> ({network.driver}
      {network.isInternal ? ", internal" : ""}
      {network.bridge ? (
        <>
          , bridge <code>{network.bridge}</code>
        </>
      ) : null}
      ): <code>{network.subnet}</code>
      {network.gateway ? (
        <>
          , gateway <code>{network.gateway}</code>
        </>
      ) : null}
      {members.length > 0 ? `; on it: ${members.map(({ name }) => name).join(", ")}.` : "; nobody is on it."}
    </li>
  );
}

function Container({ container }: { readonly container: ContainerModel }) {
  return (
    <li>
      <strong>{container.name}</strong>, image <code>{container.image}</code>, {stateWords(container)}
      {container.mode === "host"
        ? ", on the host's own network stack"
        : container.mode === "none"
          ? ", without a network"
          : container.mode === "shared"
            ? ", on another container's network stack"
            : ""}
      .
      {container.attachments.length > 0 && (
        <ul>
          {container.attachments.map(({ network, networkName, link, address }) => (
            <li key={network}>
              <code>{link}</code> <code>{address}</code> on {networkName}
            </li>
          ))}
        </ul>
      )}
      {portLines(container.ports).map((line) => (
        <p key={line}>
          Publishes <code>{line}</code>
        </p>
      ))}
    </li>
  );
}
