package io.starfire.serving.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A spec as everybody may see it. Stateless. */
public final class ShownSpec {
  private static final String HIDDEN = "(hidden)";
  private static final List<String> SECRETS =
      List.of("password", "jaas", "secret", "ssl.key", "keystore.key", "token");

  private ShownSpec() {}

  /** The spec as it was posted, with whether it is suspended, and without secrets. */
  public static ObjectNode of(SupervisorStatus supervisor) {
    ObjectNode spec =
        Json.read(
            supervisor.row().specJson(),
            ObjectNode.class,
            "the stored spec of supervisor '%s'".formatted(supervisor.id()));
    spec.put("suspended", supervisor.suspended());
    hideSecrets(spec.path("spec").path("ioConfig").path("consumerProperties"));
    hideSecrets(spec.path("ioConfig").path("consumerProperties"));
    return spec;
  }

  private static void hideSecrets(JsonNode properties) {
    if (properties instanceof ObjectNode object) {
      for (String name : new ArrayList<>(object.propertyStream().map(Map.Entry::getKey).toList())) {
        if (SECRETS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::contains)) {
          object.put(name, HIDDEN);
        }
      }
    }
  }
}
