using System.Numerics.Tensors;

namespace Gmm.Heterogeneity;

/// <summary>
/// The three products a dense layer needs, float32 and vectorised, on matrices held row by row. Each adds to its result, in an order that
/// does not depend on anything but the sizes, on the calling thread.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>C += A B^T.</summary>
    /// <param name="a">rows x inner values.</param>
    /// <param name="b">columns x inner values.</param>
    /// <param name="c">rows x columns values.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="inner">Columns of A and of B.</param>
    /// <param name="columns">Rows of B.</param>
    public static void AddTransposedRight(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns)
    {
        for (var r = 0; r < rows; r++)
        {
            var line = a.Slice(r * inner, inner);
            for (var k = 0; k < columns; k++)
            {
                c[(r * columns) + k] += TensorPrimitives.Dot(line, b.Slice(k * inner, inner));
            }
        }
    }

    /// <summary>C += A B.</summary>
    /// <param name="a">rows x inner values.</param>
    /// <param name="b">inner x columns values.</param>
    /// <param name="c">rows x columns values.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns)
    {
        for (var r = 0; r < rows; r++)
        {
            var line = c.Slice(r * columns, columns);
            for (var k = 0; k < inner; k++)
            {
                TensorPrimitives.MultiplyAdd(b.Slice(k * columns, columns), a[(r * inner) + k], line, line);
            }
        }
    }

    /// <summary>C += A^T B.</summary>
    /// <param name="a">inner x rows values.</param>
    /// <param name="b">inner x columns values.</param>
    /// <param name="c">rows x columns values.</param>
    /// <param name="rows">Columns of A.</param>
    /// <param name="inner">Rows of A and of B.</param>
    /// <param name="columns">Columns of B.</param>
    public static void AddTransposedLeft(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns)
    {
        for (var k = 0; k < inner; k++)
        {
            var line = b.Slice(k * columns, columns);
            for (var r = 0; r < rows; r++)
            {
                var target = c.Slice(r * columns, columns);
                TensorPrimitives.MultiplyAdd(line, a[(k * rows) + r], target, target);
            }
        }
    }
}
