package io.starfire.plan;

import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.TopicNode;

/**
 * Something that has to be said of every kind of sink.
 *
 * @param <R> what is said
 */
public interface SinkVisitor<R> {
  R dataSource(DataSourceNode node);

  R topic(TopicNode node);

  R files(FilesNode node);
}
