package io.starfire.stream;

import io.starfire.event.DataSourceSchema;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.stream.JournalEntry.Feed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What becomes of the rows of a data source when its stream begins anew. Stateless. */
final class ResetRows {
  private final KafkaCalls kafka;
  private final DataSourceRegistrar registrar;
  private final Consumer<String> say;

  ResetRows(KafkaCalls kafka, DataSourceRegistrar registrar, Consumer<String> say) {
    this.kafka = kafka;
    this.registrar = registrar;
    this.say = say;
  }

  /**
   * The topics of a data source's rows from the next generation on. Says what becomes of the rows
   * that there are.
   *
   * @param again whether records are read again
   * @param gap what is not read again
   * @param withdrawn gets a sentence about rows that are withdrawn
   */
  List<Feed> feeds(
      DataSourceSchema schema,
      String firstTopic,
      JournalState state,
      int next,
      boolean again,
      ResetGap gap,
      List<String> withdrawn) {
    String dataSource = schema.name();
    List<Feed> feeds = new ArrayList<>();
    if (state.generation() != null && state.generation().feeds().containsKey(dataSource)) {
      feeds.addAll(state.generation().feeds().get(dataSource));
    } else {
      feeds.add(new Feed(firstTopic, false));
    }
    String topic = feeds.get(feeds.size() - 1).topic();
    TopicFact fact = TopicFact.of(kafka, Set.of(topic)).get(topic);
    String before = state.topicIds().get(topic);
    DataSourceRegistrar.Loaded loaded = registrar.loaded(dataSource);
    boolean lost =
        (before != null && (fact == null || !fact.id().equals(before)))
            || loaded.isOfAnother(topic, fact == null ? null : fact.id());
    if (again) {
      feeds.add(new Feed(ApplicationId.inGeneration(firstTopic, next), true));
      String missing = gap.of(schema);
      withdrawn.add(
          "all real-time rows of data source '%s'%s%s"
              .formatted(dataSource, loaded.describe(), missing.isEmpty() ? "" : ": " + missing));
      say.accept(
          "data source '%s': the rows that the stream wrote so far are withdrawn when the server takes up topic '%s'%s; the stream makes those again whose records it reads again. Rows of publications stay"
              .formatted(dataSource, feeds.get(feeds.size() - 1).topic(), loaded.describe()));
      if (!missing.isEmpty()) {
        say.accept("data source '%s': %s".formatted(dataSource, missing));
      }
    } else if (lost) {
      feeds.add(new Feed(ApplicationId.inGeneration(firstTopic, next), false));
      say.accept(
          "data source '%s': topic '%s' is not the one that was written; rows that the server had loaded from it stay%s, and the stream writes to topic '%s'"
              .formatted(
                  dataSource, topic, loaded.describe(), feeds.get(feeds.size() - 1).topic()));
    } else {
      say.accept(
          "data source '%s': nothing is read again, so its rows stay as they are; results that waited in windows when the stream stopped are not written. Run a batch job over their hours"
              .formatted(dataSource));
    }
    return feeds;
  }
}
