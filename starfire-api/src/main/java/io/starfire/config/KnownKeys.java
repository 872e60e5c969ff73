package io.starfire.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.starfire.common.ErrorCode;
import io.starfire.common.Spelling;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Refuses keys that reference.conf does not have: else a default would silently stay in force after
 * a typing error. A group that is empty in reference.conf accepts any keys.
 */
final class KnownKeys {
  /** Groups of groups with a name that the user chooses, and where their keys are. */
  static final Map<String, String> NAMED =
      Map.of(
          "starfire.sources", "source-defaults",
          "starfire.lookups", "lookup-defaults",
          "starfire.topics", "topic-defaults",
          "starfire.schemas", "schema-defaults");

  private final ConfigObject reference;
  private final List<String> known = new ArrayList<>();

  private KnownKeys(ConfigObject reference) {
    this.reference = reference;
    collect("starfire", reference);
  }

  static void check(Config user, Config reference) {
    if (!user.hasPath("starfire")) {
      return;
    }
    ConfigObject known = reference.getObject("starfire");
    if (!(user.getValue("starfire") instanceof ConfigObject object)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "starfire must be a group of keys, not a value");
    }
    new KnownKeys(known).check("starfire", object, known);
  }

  private void check(String path, ConfigObject user, ConfigObject expected) {
    for (Map.Entry<String, ConfigValue> entry : user.entrySet()) {
      String key = path + "." + ConfigUtil.joinPath(entry.getKey());
      ConfigValue reference = expected.get(entry.getKey());
      if (reference == null) {
        throw unknown(key, entry.getValue());
      }
      checkOne(key, entry.getValue(), reference);
    }
  }

  private void checkOne(String key, ConfigValue value, ConfigValue expected) {
    if (expected instanceof ConfigObject group) {
      if (!(value instanceof ConfigObject object)) {
        throw wrong(key, value, "is a group of keys, not a value");
      }
      if (NAMED.containsKey(key)) {
        checkNamed(key, object, NAMED.get(key));
      } else if (!group.isEmpty()) {
        check(key, object, group);
      }
    } else if (value.valueType() == ConfigValueType.OBJECT) {
      throw wrong(key, value, "is a value, not a group of keys");
    }
  }

  private void checkNamed(String path, ConfigObject groups, String defaults) {
    groups.forEach(
        (name, value) ->
            checkOne(path + "." + ConfigUtil.joinPath(name), value, reference.get(defaults)));
  }

  private void collect(String path, ConfigObject group) {
    group.forEach(
        (key, value) -> {
          known.add(path + "." + key);
          if (value instanceof ConfigObject nested) {
            collect(path + "." + key, nested);
          }
        });
  }

  private StarfireException unknown(String key, ConfigValue value) {
    String general = key;
    String named = null;
    for (String group : NAMED.keySet()) {
      if (key.startsWith(group + ".")) {
        named = group;
        general =
            key.replaceFirst(
                Pattern.quote(group) + "\\.(\"[^\"]*\"|[^.]*)", "starfire." + NAMED.get(group));
      }
    }
    String nearest = Spelling.nearest(general, known);
    String shown =
        named == null
            ? nearest
            : nearest.replace("starfire." + NAMED.get(named), named + ".<name>");
    return wrong(key, value, "is not a key of Starfire; did you mean " + shown + "?");
  }

  private static StarfireException wrong(String key, ConfigValue value, String problem) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "%s (%s) %s".formatted(key, Origins.describe(value.origin()), problem));
  }
}
