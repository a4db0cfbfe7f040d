package dev.jlondiste.servers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Rows of a parameterized test in addition to those of its other sources, as {@code CsvSource} has
 * them. They run only with {@code -Djlondiste.matrix=all}: the other rows are the sample that each
 * run has.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(WholeMatrix.Rows.class)
public @interface WholeMatrix {
  String[] value();

  /** Splits the rows at their commas. */
  final class Rows extends AnnotationBasedArgumentsProvider<WholeMatrix> {
    @Override
    protected Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context, WholeMatrix matrix) {
      return Matrix.isWhole()
          ? Arrays.stream(matrix.value())
              .map(row -> Arguments.of((Object[]) row.split(" *, *", -1)))
          : Stream.empty();
    }
  }
}
