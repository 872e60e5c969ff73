package io.starfire.serving.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import io.javalin.http.Context;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.RegisteredLookup;
import io.starfire.serving.coordinator.Lookups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Druid's routes for lookups, under {@code /druid/coordinator/v1/lookups}, and those that show what
 * a server has loaded of one, under {@code /druid/v1/lookups/introspect}. All servers are in one
 * tier, {@code __default}.
 */
public final class LookupRoutes implements Routes {
  private static final String ROOT = "/druid/coordinator/v1/lookups";
  private static final String LOADED = "/druid/v1/lookups/introspect/{id}";
  private static final String TIER = "__default";
  private static final int ACCEPTED = 202;

  private final Lookups lookups;
  private final JsonBodies bodies;

  /**
   * @param maxBodyBytes of a request
   */
  public LookupRoutes(Lookups lookups, int maxBodyBytes) {
    this.lookups = lookups;
    this.bodies = new JsonBodies(maxBodyBytes);
  }

  /** A lookup as Druid writes it. */
  record Spec(@Nullable String version, Factory lookupExtractorFactory) {
    Spec {
      requireNonNull(lookupExtractorFactory, "lookupExtractorFactory");
    }

    /** Where its pairs come from. */
    record Factory(String type, @Nullable Map<String, String> map, @Nullable Boolean isOneToOne) {
      Factory {
        requireNonNull(type, "type");
      }
    }

    static Spec of(RegisteredLookup lookup) {
      return new Spec(lookup.version(), new Factory("map", lookup.map(), lookup.injective()));
    }

    RegisteredLookup named(String name) {
      if (!lookupExtractorFactory.type.equals("map")) {
        throw new StarfireException(
            ErrorCode.UNSUPPORTED,
            "lookup '%s': a lookupExtractorFactory of type '%s' is not in this version; use type map, with the pairs in the field map"
                .formatted(name, lookupExtractorFactory.type));
      }
      if (lookupExtractorFactory.map == null) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "lookup '%s': lookupExtractorFactory.map is missing".formatted(name));
      }
      return new RegisteredLookup(
          name,
          version,
          lookupExtractorFactory.map,
          Boolean.TRUE.equals(lookupExtractorFactory.isOneToOne));
    }
  }

  @Override
  public void addTo(RouteTable routes) {
    routes.get(ROOT, Access.READ, context -> answer(context, List.of(TIER)));
    routes.get(ROOT + "/config", Access.READ, context -> answer(context, List.of(TIER)));
    routes.post(ROOT + "/config", Access.ADMIN, this::putAll);
    routes.get(
        ROOT + "/config/all", Access.READ, context -> answer(context, Map.of(TIER, specs())));
    routes.get(ROOT + "/config/{tier}", Access.READ, this::names);
    routes.delete(ROOT + "/config/{tier}", Access.ADMIN, this::removeAll);
    routes.get(
        ROOT + "/config/{tier}/{id}",
        Access.READ,
        context -> answer(context, Spec.of(find(context))));
    routes.post(ROOT + "/config/{tier}/{id}", Access.ADMIN, this::put);
    routes.delete(ROOT + "/config/{tier}/{id}", Access.ADMIN, this::remove);
    routes.get(ROOT + "/status", Access.READ, context -> answer(context, Map.of(TIER, states())));
    routes.get(ROOT + "/status/{tier}", Access.READ, this::tierStatus);
    routes.get(
        ROOT + "/status/{tier}/{id}",
        Access.READ,
        context -> answer(context, loaded(find(context).name())));
    routes.get(LOADED, Access.READ, context -> answer(context, loadedLookup(context).map()));
    routes.get(
        LOADED + "/keys",
        Access.READ,
        context -> answer(context, loadedLookup(context).map().keySet()));
    routes.get(
        LOADED + "/values",
        Access.READ,
        context -> answer(context, loadedLookup(context).map().values()));
    routes.get(
        LOADED + "/version",
        Access.READ,
        context -> answer(context, Map.of("version", version(loadedLookup(context)))));
  }

  private static void answer(Context context, Object value) {
    JsonBodies.answer(context, 200, value);
  }

  private static String version(RegisteredLookup lookup) {
    return lookup.version() == null ? "" : lookup.version();
  }

  private Map<String, Spec> specs() {
    Map<String, Spec> specs = new LinkedHashMap<>();
    lookups.lookups().lookups().forEach(one -> specs.put(one.name(), Spec.of(one)));
    return specs;
  }

  private Map<String, Object> states() {
    Map<String, Object> states = new LinkedHashMap<>();
    lookups.lookups().lookups().forEach(one -> states.put(one.name(), loaded(one.name())));
    return states;
  }

  /** A lookup that is stored is loaded: those who answer queries take it from the coordinator. */
  private static Map<String, Boolean> loaded(String unused) {
    return Map.of("loaded", true);
  }

  private void tierStatus(Context context) {
    checkTier(context.pathParam("tier"), ErrorCode.NOT_FOUND);
    answer(context, states());
  }

  private void names(Context context) {
    checkTier(context.pathParam("tier"), ErrorCode.NOT_FOUND);
    answer(context, specs().keySet());
  }

  private void putAll(Context context) {
    Map<String, Map<String, Spec>> tiers =
        bodies.read(context, new TypeReference<Map<String, Map<String, Spec>>>() {});
    List<RegisteredLookup> given = new ArrayList<>();
    tiers.forEach(
        (tier, specs) -> {
          requireNonNull(specs, tier);
          checkTier(tier, ErrorCode.UNSUPPORTED);
          specs.forEach((name, spec) -> given.add(requireNonNull(spec, name).named(name)));
        });
    lookups.put(given);
    JsonBodies.answer(context, ACCEPTED, tiers);
  }

  private void put(Context context) {
    checkTier(context.pathParam("tier"), ErrorCode.UNSUPPORTED);
    Spec spec = bodies.read(context, Spec.class);
    lookups.put(List.of(spec.named(context.pathParam("id"))));
    JsonBodies.answer(context, ACCEPTED, Map.of(context.pathParam("id"), spec));
  }

  private void remove(Context context) {
    RegisteredLookup found = find(context);
    lookups.remove(List.of(found.name()));
    context.status(ACCEPTED);
  }

  private void removeAll(Context context) {
    checkTier(context.pathParam("tier"), ErrorCode.NOT_FOUND);
    lookups.remove(specs().keySet());
    context.status(ACCEPTED);
  }

  private RegisteredLookup find(Context context) {
    checkTier(context.pathParam("tier"), ErrorCode.NOT_FOUND);
    return loadedLookup(context);
  }

  private RegisteredLookup loadedLookup(Context context) {
    String name = context.pathParam("id");
    return lookups
        .find(name)
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.NOT_FOUND,
                    "there is no lookup '%s'; there are %s".formatted(name, specs().keySet())));
  }

  private static void checkTier(String tier, ErrorCode code) {
    if (!tier.equals(TIER)) {
      throw new StarfireException(
          code,
          "there is no tier '%s' of lookups; all servers are in tier %s".formatted(tier, TIER));
    }
  }
}
