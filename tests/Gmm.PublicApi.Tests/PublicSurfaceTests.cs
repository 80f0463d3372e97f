namespace Gmm.PublicApi.Tests;

/// <summary>The printer itself, on types whose surface is known from their source below.</summary>
public class PublicSurfaceTests
{
    [Fact]
    public void AClassIsPrintedAsItWasWritten()
    {
        const string Expected =
            """
            open class PublicSurfaceTests.Sample<T> : IDisposable where T : class, IComparable<T>, new()
                const int Limit = 3
                Sample(ReadOnlySpan<float> values, string? name = null, double scale = 0.5, PublicSurfaceTests.Colour colour = Colour.Blue)
                List<string?> Names { get; }
                int this[int index] { get; protected set; }
                required (int Row, string? Field) Place { get; init; }
                bool TryGet<TKey>(in TKey key, out T? value, params int[] rest) where TKey : struct
                protected virtual void Grow(ref int size, CancellationToken token = default)
                static PublicSurfaceTests.Sample<T> op_UnaryNegation(PublicSurfaceTests.Sample<T> value)
                void Dispose()

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), PublicSurface.Print([typeof(Sample<>)]));
    }

    [Fact]
    public void RecordsEnumsAndInterfacesAreShort()
    {
        const string Expected =
            """
            enum PublicSurfaceTests.Colour
                Red = 0
                Blue = 4

            interface PublicSurfaceTests.IShape
                double Area { get; }
                static abstract int Count()

            sealed record PublicSurfaceTests.Point
                Point(int X, int? Y)
                int X { get; init; }
                int? Y { get; init; }

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), PublicSurface.Print([typeof(Point), typeof(IShape), typeof(Colour)]));
    }

    [Fact]
    public void ADifferenceNamesTheType()
    {
        const string Before = "class A\n    int X\n    int Y\n\nclass B\n    int Z\n";
        const string After = "class A\n    int X\n\nclass B\n    int Z\n    int W\n";
        Assert.Equal("  class A\n-     int Y\n  class B\n+     int W", LineDiff.Show(Before, After));
    }

#pragma warning disable CA1034, CA1822, CA1063, CA1816, CA1000, CA2225, CA1021, CA1045, IDE0060
    public enum Colour
    {
        Red,
        Blue = 4,
    }

    public interface IShape
    {
        double Area { get; }

        static abstract int Count();
    }

    public sealed record Point(int X, int? Y);

    public class Sample<T> : IDisposable
        where T : class, IComparable<T>, new()
    {
        public const int Limit = 3;

        public Sample(ReadOnlySpan<float> values, string? name = null, double scale = 0.5, Colour colour = Colour.Blue) => Names = [];

        public List<string?> Names { get; }

        public required (int Row, string? Field) Place { get; init; }

        public int this[int index]
        {
            get => index;
            protected set { }
        }

        public static Sample<T> operator -(Sample<T> value) => value;

        public bool TryGet<TKey>(in TKey key, out T? value, params int[] rest)
            where TKey : struct
        {
            value = null;
            return false;
        }

        public void Dispose()
        {
        }

        protected virtual void Grow(ref int size, CancellationToken token = default)
        {
        }

        private void Hidden()
        {
        }
    }
#pragma warning restore
}
