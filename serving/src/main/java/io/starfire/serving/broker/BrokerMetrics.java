package io.starfire.serving.broker;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starfire.serving.query.exec.GlobalIdCache;
import io.starfire.serving.query.run.PartialCache;
import io.starfire.serving.query.run.QueryResources;
import io.starfire.serving.query.run.SpillSpace;
import java.util.function.ToDoubleFunction;

/** The meters of caches and of groups on disk. Stateless. */
final class BrokerMetrics {
  private BrokerMetrics() {}

  static void bind(MeterRegistry registry, QueryResources resources, AnswerCache answers) {
    PartialCache partials = resources.cache();
    requests(registry, "partials", partials, PartialCache::hits, PartialCache::misses);
    sizes(registry, "partials", partials, PartialCache::entries, PartialCache::bytes);
    requests(registry, "answers", answers, AnswerCache::hits, AnswerCache::misses);
    sizes(registry, "answers", answers, AnswerCache::entries, AnswerCache::bytes);
    GlobalIdCache ids = resources.globalIds();
    requests(registry, "globalIds", ids, GlobalIdCache::hits, GlobalIdCache::misses);
    sizes(registry, "globalIds", ids, GlobalIdCache::entries, GlobalIdCache::bytes);
    Gauge.builder("starfire.query.spill.bytes", resources.space(), SpillSpace::usedBytes)
        .description("Bytes of groups that are on disk, of all running queries")
        .baseUnit("bytes")
        .register(registry);
    FunctionCounter.builder(
            "starfire.query.spill.written", resources.space(), SpillSpace::writtenBytes)
        .description("Bytes of groups that were written to disk")
        .baseUnit("bytes")
        .register(registry);
  }

  private static <T> void requests(
      MeterRegistry registry,
      String cache,
      T of,
      ToDoubleFunction<T> hits,
      ToDoubleFunction<T> misses) {
    request(registry, cache, "hit", of, hits);
    request(registry, cache, "miss", of, misses);
  }

  private static <T> void request(
      MeterRegistry registry, String cache, String result, T of, ToDoubleFunction<T> count) {
    FunctionCounter.builder("starfire.query.cache.requests", of, count)
        .description("How often a cache was asked, and whether it had what was asked for")
        .tag("cache", cache)
        .tag("result", result)
        .register(registry);
  }

  private static <T> void sizes(
      MeterRegistry registry,
      String cache,
      T of,
      ToDoubleFunction<T> entries,
      ToDoubleFunction<T> bytes) {
    Gauge.builder("starfire.query.cache.entries", of, entries)
        .description("Entries of a cache")
        .tag("cache", cache)
        .register(registry);
    Gauge.builder("starfire.query.cache.bytes", of, bytes)
        .description("Bytes that the entries of a cache take, about")
        .baseUnit("bytes")
        .tag("cache", cache)
        .register(registry);
  }
}
