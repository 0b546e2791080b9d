package app.spotcheck

import android.os.Bundle
import android.view.View
import android.webkit.WebView
import androidx.activity.addCallback
import androidx.activity.enableEdgeToEdge
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat

class MainActivity : TauriActivity() {
  override fun onCreate(savedInstanceState: Bundle?) {
    enableEdgeToEdge()
    super.onCreate(savedInstanceState)
    keepClearOfBarsAndKeyboard(findViewById(android.R.id.content))
  }

  // The previous screen; from the first one the app steps aside and goes on living, so that an upload
  // under way is not cut and the way back is short.
  override fun onWebViewCreate(webView: WebView) {
    onBackPressedDispatcher.addCallback(this) {
      if (webView.canGoBack()) webView.goBack() else moveTaskToBack(true)
    }
  }

  // Edge to edge the system no longer makes room: older WebViews tell the page nothing of bars and
  // cutouts, and none of the keyboard, which would cover the field that is typed into.
  private fun keepClearOfBarsAndKeyboard(content: View) {
    ViewCompat.setOnApplyWindowInsetsListener(content) { view, insets ->
      val taken = insets.getInsets(
        WindowInsetsCompat.Type.systemBars() or
          WindowInsetsCompat.Type.displayCutout() or
          WindowInsetsCompat.Type.ime()
      )
      view.setPadding(taken.left, taken.top, taken.right, taken.bottom)
      WindowInsetsCompat.CONSUMED
    }
  }
}
