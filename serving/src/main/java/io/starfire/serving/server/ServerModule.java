package io.starfire.serving.server;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.historical.Historical;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.MetadataStore;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;

/**
 * How the roles of a standalone server are wired. Each part is started when it is first asked for,
 * after the parts that it needs, and noted in {@link Resources}.
 */
final class ServerModule extends AbstractModule {
  private final ServerSettings settings;
  private final Resources resources;

  ServerModule(ServerSettings settings, Resources resources) {
    this.settings = settings;
    this.resources = resources;
  }

  @Override
  protected void configure() {
    binder().requireExplicitBindings();
    bind(InstantSource.class).toInstance(Clock.systemUTC());
    bind(PrometheusMeterRegistry.class)
        .toInstance(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    bind(MeterRegistry.class).to(PrometheusMeterRegistry.class);
    bind(RealtimeSlot.class).toInstance(new RealtimeSlot());
  }

  @Provides
  @Singleton
  DeepStorage deepStorage() {
    return settings.deepStorage().open();
  }

  @Provides
  @Singleton
  MetadataStore metadataStore() {
    return resources.add(
        MetadataStore.open(
            settings
                .metadata()
                .orElseGet(
                    () -> MetadataLocation.h2(settings.dataDirectory().resolve("metadata")))));
  }

  @Provides
  @Singleton
  Historical historical(DeepStorage deepStorage) {
    return resources.add(
        new Historical(
            settings.dataDirectory().resolve("segment-cache"),
            deepStorage,
            settings.cacheMaxBytes()));
  }

  @Provides
  @Singleton
  Coordinator coordinator(
      MetadataStore store,
      Historical historical,
      DeepStorage deepStorage,
      RealtimeSlot liveRows,
      InstantSource clock) {
    return resources.add(
        Coordinator.start(store, historical, deepStorage, liveRows, settings.coordinator(), clock));
  }

  @Provides
  @Singleton
  Broker broker(
      Coordinator coordinator,
      Historical historical,
      RealtimeSlot liveRows,
      MeterRegistry metrics,
      InstantSource clock) {
    return resources.add(
        new Broker(
            coordinator.viewSource(),
            List.of(historical),
            liveRows,
            coordinator.lookups(),
            settings.broker(),
            metrics,
            clock));
  }
}
